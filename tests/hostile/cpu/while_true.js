// expect: ERR_CPU_TIMEOUT 1
console.log('before');
while(true);
