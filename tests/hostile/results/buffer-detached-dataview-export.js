// expect: ok 0
// expect-jq: .exports.default == {"$type": "DataView", "base64": ""}
const b = new ArrayBuffer(8);
const d = new DataView(b, 4);
b.transfer();
export default d;
