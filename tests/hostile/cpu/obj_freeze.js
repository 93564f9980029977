// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(;;){const a=new Array(500000).fill(1);Object.freeze(a);}
