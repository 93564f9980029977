// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default new ArrayBuffer(2**33).byteLength;
