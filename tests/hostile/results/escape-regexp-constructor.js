// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
/a/.constructor.constructor('return 1')();
