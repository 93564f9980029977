// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "x"
Error.stackTraceLimit = { valueOf() { throw new Error('forged'); } };
throw new Error('x');
