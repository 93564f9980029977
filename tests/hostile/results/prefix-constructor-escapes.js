// prefix: evaluator
// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
made.constructor('return 1')();
