// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(;;){const s="ab".repeat(2**24);/z/.test(s);}
