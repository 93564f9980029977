// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default Array.from({length:2**31},(_, i)=>i).length;
