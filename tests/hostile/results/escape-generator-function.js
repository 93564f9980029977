// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
(function* () {}).constructor('yield 1')().next();
