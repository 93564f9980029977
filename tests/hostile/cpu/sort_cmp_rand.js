// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=Array.from({length:2e6},(_, i)=>i);a.sort(()=>0.5-Math.random());for(;;);
