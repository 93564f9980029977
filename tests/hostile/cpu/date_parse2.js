// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="(".repeat(5e6);for(;;)Date.parse(s);
