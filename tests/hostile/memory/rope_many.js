// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const base="x".repeat(1<<20);const a=[];for(let i=0;;i++){let s=base+i+base;s.charCodeAt(0);/q/.test(s);a.push(s);}
