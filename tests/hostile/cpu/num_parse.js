// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="1".repeat(5e6)+"e-"+"1".repeat(100);for(;;)Number(s);
