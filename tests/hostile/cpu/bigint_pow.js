// expect: ERR_CPU_TIMEOUT 1
console.log('before');
3n**30000000n;for(;;);
