// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(const x of new Array(2**32-1));
