// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a="a".repeat(2**24)+"b",b="a".repeat(2**24)+"b";/z/.test(a);/z/.test(b);for(;;)a===b;
