// expect: ERR_USER_CODE 1
// expect-jq: .error | .name == "Error" and .message == "m"
throw Object.assign(new Error('m'), { name: { toString: () => 'forged' } });
