// It takes memory as fast as time: on a fast machine it is the memory that ends first.
// expect: ERR_CPU_TIMEOUT|ERR_MEMORY_LIMIT 1
console.log('before');
const t=new Float64Array(3e6).map((_, i)=>-i);t.sort((a,b)=>a-b);for(;;);
