// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(;;){const a=[];for(let i=0;i<1e5;i++)a.push({});}
