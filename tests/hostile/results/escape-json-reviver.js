// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
JSON.parse('["return 1"]', Function);
