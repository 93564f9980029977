// expect: ERR_USER_CODE 1
// expect-jq: .error.fields.b == 2
throw { get a() { throw new Error('forged'); }, b: 2, message: 'm' };
