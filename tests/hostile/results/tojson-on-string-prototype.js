// expect: ok 0
// expect-jq: .exports.default == "abc" or .exports.default == "forged"
String.prototype.toJSON = () => 'forged';
export default 'abc';
