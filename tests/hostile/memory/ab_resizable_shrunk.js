// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const b=new ArrayBuffer(8,{maxByteLength:260<<20});b.resize(260<<20);new Uint8Array(b).fill(1);b.resize(8);export default b.byteLength;
