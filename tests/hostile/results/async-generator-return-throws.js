// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "from return"
const it = { [Symbol.asyncIterator]() { return { next: async () => ({ done: false }), return: async () => { throw new Error('from return'); } }; } };
for await (const x of it) break;
