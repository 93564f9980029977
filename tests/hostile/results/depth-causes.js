// expect: ERR_USER_CODE 1
// args: --memory-mb 1024 --cpu-time-ms 30000
let e = new Error('first');
for (let i = 0; i < 1e5; i++) e = new Error('x', { cause: e });
throw e;
