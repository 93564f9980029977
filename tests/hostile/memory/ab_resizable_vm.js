// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(;;){a.push(new ArrayBuffer(0,{maxByteLength:2**32}));}
