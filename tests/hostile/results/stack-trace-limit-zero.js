// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "x"
Error.stackTraceLimit = 0;
throw new Error('x');
