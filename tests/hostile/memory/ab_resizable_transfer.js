// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(;;){const b=new ArrayBuffer(8,{maxByteLength:4<<20});b.resize(4<<20);a.push(b.transfer(4<<20));}
