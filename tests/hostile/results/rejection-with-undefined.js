// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "undefined"
await Promise.reject();
