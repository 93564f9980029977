// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(;;){const b=new ArrayBuffer(2**20,{maxByteLength:2**21});new Uint8Array(b).fill(1);a.push(b);}
