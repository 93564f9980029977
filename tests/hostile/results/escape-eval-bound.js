// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
[1].map(eval.bind(null, '1'));
