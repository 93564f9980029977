// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(;;)Math.hypot(...Array(50000).fill(1.5));
