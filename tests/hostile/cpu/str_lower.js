// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="İ".repeat(2**22);for(;;)s.toLocaleLowerCase("tr");
