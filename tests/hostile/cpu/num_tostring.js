// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(;;)(Math.PI*1e300).toString(3);
