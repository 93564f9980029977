// expect: ok 0
// expect-jq: .exports.default == 1
for (const key of Reflect.ownKeys(globalThis)) try { if (key !== 'Object') delete globalThis[key]; } catch {}
export default 1;
