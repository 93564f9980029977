// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="7".repeat(1e7);for(;;)parseInt(s,7);
