// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "TypeError"
await import(Symbol('x'));
