// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
eval?.('1');
