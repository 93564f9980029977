// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=new Array(2**32-1);a.lastIndexOf(1);for(;;);
