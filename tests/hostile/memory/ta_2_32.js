// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const t=new Uint8Array(2**32);t.fill(1);export default t.length;
