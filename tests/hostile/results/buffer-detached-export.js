// expect: ok 0
// expect-jq: .exports == {"b": {"$type": "ArrayBuffer", "base64": ""}, "u": {"$type": "Uint8Array", "base64": ""}}
const b = new ArrayBuffer(8);
const u = new Uint8Array(b);
b.transfer();
export { b, u };
