// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=(1n<<400000n)-1n;let b=3n;for(;;)b=(b*b)%a;
