// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
const { eval: e } = globalThis;
e('1');
