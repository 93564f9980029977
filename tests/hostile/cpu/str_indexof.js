// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="a".repeat(2**24);const q="a".repeat(2**12)+"b";s.indexOf(q);for(;;)s.indexOf(q);
