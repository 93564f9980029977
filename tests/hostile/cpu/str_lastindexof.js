// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="a".repeat(2**23),q="a".repeat(2**22)+"b";s.lastIndexOf("b"+"a".repeat(2**22));s.lastIndexOf(q);for(;;);
