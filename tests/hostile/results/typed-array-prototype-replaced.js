// expect: ok 0
// expect-jq: .exports.default == {"$type": "Uint8Array", "base64": "AQID"}
const T = Object.getPrototypeOf(Uint8Array);
for (const name of ['buffer', 'byteLength', 'byteOffset', 'length', Symbol.toStringTag])
    Object.defineProperty(T.prototype, name, { get() { return 1e9; }, configurable: true });
export default new Uint8Array([1, 2, 3]);
