// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "x"
Object.defineProperty(Error, 'stackTraceLimit', { get() { for (;;); } });
throw new Error('x');
