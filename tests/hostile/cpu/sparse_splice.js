// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=new Array(2**32-1);a.splice(0,1);for(;;);
