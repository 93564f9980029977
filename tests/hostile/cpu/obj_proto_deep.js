// It takes memory as fast as time: on a fast machine it is the memory that ends first.
// expect: ERR_CPU_TIMEOUT|ERR_MEMORY_LIMIT 1
console.log('before');
let o={};for(let i=0;i<1e5;i++)o=Object.create(o);for(;;)o.zzz;
