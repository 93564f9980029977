// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="é".repeat(2**20);for(;;)encodeURIComponent(s);
