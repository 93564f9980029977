// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "no"
export default { get toJSON() { throw new Error('no'); } };
