// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s=("a".repeat(5000)+"c").repeat(4000),q="a".repeat(4999)+"b"+"a".repeat(3);for(;;)s.includes(q);
