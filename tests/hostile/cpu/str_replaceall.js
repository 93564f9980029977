// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="a".repeat(2**20);for(;;)s.replaceAll("a","bc");
