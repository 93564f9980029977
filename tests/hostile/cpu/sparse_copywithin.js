// expect: ERR_CPU_TIMEOUT 1
console.log('before');
Array.prototype.copyWithin.call({length:2**53-1},0,1);
