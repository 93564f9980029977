// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const o={};for(let i=0;i<2e5;i++)o[i*4194304+"x"]=1;for(;;)Object.keys(o);
