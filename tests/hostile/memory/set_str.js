// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const m=new Set();for(let i=0;;i++)m.add("k"+i);
