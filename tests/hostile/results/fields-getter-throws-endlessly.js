// expect: ERR_USER_CODE 1
const o = { message: 'm' };
for (let i = 0; i < 5000; i++) Object.defineProperty(o, 'f' + i, { enumerable: true, get() { throw o; } });
throw o;
