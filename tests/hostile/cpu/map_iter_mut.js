// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const m=new Map([[1,1]]);for(const [k] of m){m.delete(k);m.set(k,1);}
