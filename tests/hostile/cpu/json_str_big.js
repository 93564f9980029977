// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const o=Array.from({length:500000},(_, i)=>"\u0001\u2028"+i);for(;;)JSON.stringify(o);
