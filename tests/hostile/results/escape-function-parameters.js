// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
Function('a = console.log("forged")', '');
