// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=new Float64Array(6e6).map(()=>Math.random());for(;;){a.sort();a.reverse();}
