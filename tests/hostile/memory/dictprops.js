// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const o={};for(let i=0;;i++)o["k"+i]=i;
