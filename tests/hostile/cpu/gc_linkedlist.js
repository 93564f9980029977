// expect: ERR_CPU_TIMEOUT 1
console.log('before');
let h=null;for(let i=0;i<1e6;i++)h={h};for(;;)({});
