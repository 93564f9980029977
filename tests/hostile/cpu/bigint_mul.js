// expect: ERR_CPU_TIMEOUT 1
console.log('before');
let a=(1n<<8000000n)-1n;for(;;)a*a;
