// expect: ERR_CPU_TIMEOUT 1
console.log('before');
new Array(2**32-1).slice(1);for(;;);
