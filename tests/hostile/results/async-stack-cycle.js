// expect: ERR_USER_CODE 1
async function f(n) { await null; if (n === 0) throw new Error('deep'); return await f(n - 1); }
await f(1000);
