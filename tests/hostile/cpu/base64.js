// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const u=new Uint8Array(8<<20);for(;;)u.toBase64();
