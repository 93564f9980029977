// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="a,".repeat(2**18);for(;;)s.split(",");
