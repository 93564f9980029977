// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default new Array(2**27).fill(0).length;
