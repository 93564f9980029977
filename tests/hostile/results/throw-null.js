// expect: ERR_USER_CODE 1
// expect-jq: .error | {name, message} == {"name": "Error", "message": "null"}
throw null;
