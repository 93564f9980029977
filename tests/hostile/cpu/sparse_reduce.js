// expect: ERR_CPU_TIMEOUT 1
console.log('before');
Array.prototype.reduce.call({length:2**53-1},()=>{},0);
