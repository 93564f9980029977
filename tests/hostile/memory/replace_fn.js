// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default "a".repeat(2**24).replace(/a/g,x=>x+x+x).length;
