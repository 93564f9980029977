// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="a"+("\u0301\u0327".repeat(2**19));s.normalize("NFD");for(;;);
