// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "EvalError"
Reflect.construct(Function, ['return 1'], Object);
