// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
['return 1'].map(Function);
