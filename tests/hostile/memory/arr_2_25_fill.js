// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default new Array(2**25-1).fill(0.5).length;
