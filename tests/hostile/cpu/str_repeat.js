// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(;;)"x".repeat(2**24).charCodeAt(5);
