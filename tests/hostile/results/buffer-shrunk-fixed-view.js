// expect: ok 0
// expect-jq: .exports.default == {"a": 1, "u": {"$type": "Uint8Array", "base64": ""}, "d": {"$type": "DataView", "base64": ""}}
const b = new ArrayBuffer(64, { maxByteLength: 128 });
const u = new Uint8Array(b, 32, 32), d = new DataView(b, 60, 4);
export default { get a() { b.resize(33); return 1; }, u, d };
