// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=(1n<<40000000n)-1n,b=(1n<<20000000n)-3n;a/b;a%b;for(;;);
