// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "getter"
export default { get a() { throw new Error('getter'); } };
