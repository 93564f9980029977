// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(;;){a.push("".padEnd(2**28,"abc"));}
