// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "x"
const e = new Error('x');
Object.defineProperty(e, 'stack', { get() { throw new Error('forged'); } });
throw e;
