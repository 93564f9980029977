// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const b=new ArrayBuffer(0,{maxByteLength:2**32});let n=0;for(;;){n+=2**22;b.resize(n);new Uint8Array(b).fill(1);}
