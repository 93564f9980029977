// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const u=new Uint8Array(8<<20);const a=[];for(;;)a.push(u.toBase64());
