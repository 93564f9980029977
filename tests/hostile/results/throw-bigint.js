// expect: ERR_USER_CODE 1
// expect-jq: .error | .message == "1" and (has("stack") | not)
throw 1n;
