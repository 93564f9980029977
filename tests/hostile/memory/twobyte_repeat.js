// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(;;){const s="\u65e5".repeat(2**20);/q/.test(s);a.push(s+1);}
