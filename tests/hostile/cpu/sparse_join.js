// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=[];a[2**32-2]=1;a.join("");
