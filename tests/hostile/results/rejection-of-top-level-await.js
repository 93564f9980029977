// expect: ERR_USER_CODE 1
// expect-jq: .error | .name == "TypeError" and .message == "r"
await Promise.reject(new TypeError('r'));
