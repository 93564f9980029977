// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default encodeURIComponent("é".repeat(2**26)).length;
