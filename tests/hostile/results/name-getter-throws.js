// expect: ERR_USER_CODE 1
// expect-jq: .error | .name == "Error" and .message == "m"
throw { get name() { throw new Error('forged'); }, message: 'm' };
