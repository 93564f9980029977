// expect: ok 0
// expect-jq: .exports.default == "b" or .exports.default == {"$type": "bigint", "value": "1"}
BigInt.prototype.toJSON = () => 'b';
export default 1n;
