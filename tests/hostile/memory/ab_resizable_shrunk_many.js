// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(;;){const b=new ArrayBuffer(8,{maxByteLength:8<<20});b.resize(8<<20);new Uint8Array(b).fill(1);b.resize(8);a.push(b);}
