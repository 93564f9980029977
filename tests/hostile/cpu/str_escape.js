// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="%u0041".repeat(2**20);for(;;)unescape(s);
