// expect: ok 0
// expect-jq: .exports.default.b.base64 | length > 40
const b = new ArrayBuffer(8, { maxByteLength: 1 << 10 });
export default { get a() { b.resize(1 << 10); return 1; }, b };
