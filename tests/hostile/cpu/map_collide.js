// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const m=new Map();for(let i=0;i<4e5;i++)m.set(i,i);for(;;)for(const x of m);
