// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="a".repeat(2**24),q="b"+"a".repeat(2**20);s.lastIndexOf(q);for(;;);
