// expect: ERR_CPU_TIMEOUT 1
console.log('before');
Array.prototype.indexOf.call({length:2**53-1},1);
