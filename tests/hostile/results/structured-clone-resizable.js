// needs: structuredClone
// expect: ok 0
const b = new ArrayBuffer(8, { maxByteLength: 16 });
const u = new Uint8Array(b);
export default typeof structuredClone({ get x() { b.resize(0); return 1; }, u });
