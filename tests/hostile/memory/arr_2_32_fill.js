// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default new Array(2**32-1).fill(0).length;
