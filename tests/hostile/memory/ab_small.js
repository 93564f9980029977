// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(;;)a.push(new Uint8Array(100));
