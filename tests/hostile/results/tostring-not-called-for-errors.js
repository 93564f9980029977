// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "m"
throw Object.assign(new Error('m'), { toString() { for (;;); } });
