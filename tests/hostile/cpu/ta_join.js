// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const t=new Uint8Array(4<<20);for(;;)t.join();
