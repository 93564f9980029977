// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=Array(1e6).fill(1e308);for(;;)try{Math.sumPrecise(a)}catch(e){for(;;);}
