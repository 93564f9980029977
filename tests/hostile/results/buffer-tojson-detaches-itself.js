// expect: ok 0
// expect-jq: .exports.default == {"$type": "ArrayBuffer", "base64": ""}
const b = new ArrayBuffer(1 << 16);
b.toJSON = function () { b.transfer(); return b; };
export default b;
