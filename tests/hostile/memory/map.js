// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const m=new Map();for(let i=0;;i++)m.set(i,i);
