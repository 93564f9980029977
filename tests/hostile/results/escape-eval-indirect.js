// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
(0, eval)('1');
