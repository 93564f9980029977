// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
await Promise.resolve('return 1').then(Function);
