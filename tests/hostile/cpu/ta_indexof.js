// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const t=new Uint8Array(40<<20);for(;;)t.indexOf(1);
