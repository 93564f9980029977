// expect: ok 0
// expect-jq: .exports.default == {"a": 1, "u": {"$type": "Uint8Array", "base64": "AAAAAAAAAAA="}, "tracking": {"$type": "Uint8Array", "base64": ""}, "b": {"$type": "ArrayBuffer", "base64": "AAAAAAAAAAA="}}
const b = new ArrayBuffer(1 << 16, { maxByteLength: 1 << 20 });
const u = new Uint8Array(b), tracking = new Uint8Array(b, 16);
export default { get a() { b.resize(8); return 1; }, u, tracking, b };
