// expect: ok 0
// expect-jq: .exports.default == {"a": 1, "u": {"$type": "Uint8Array", "base64": ""}}
const b = new ArrayBuffer(1 << 16);
const u = new Uint8Array(b);
export default { get a() { b.transfer(); return 1; }, u };
