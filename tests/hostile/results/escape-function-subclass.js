// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
new (class extends Function {})('return 1');
