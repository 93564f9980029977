// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "no JSON of mine"
Object.prototype.toJSON = () => { throw new Error('no JSON of mine'); };
export default { a: 1 };
