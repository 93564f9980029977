// expect: ERR_MEMORY_LIMIT 1
console.log('before');
let b=new ArrayBuffer(1);let n=1;for(;;){n*=2;b=b.transfer(n);new Uint8Array(b).fill(1);}
