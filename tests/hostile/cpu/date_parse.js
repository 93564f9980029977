// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="1".repeat(1e6);for(;;)Date.parse(s+" (".repeat(1000));
