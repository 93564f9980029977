// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
await (async () => {}).constructor('return 1')();
