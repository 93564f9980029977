// expect: ERR_DID_NOT_SETTLE 1
async function* g() { await new Promise(() => {}); yield 1; }
for await (const x of g());
