// It takes memory as fast as time: on a fast machine it is the memory that ends first.
// expect: ERR_CPU_TIMEOUT|ERR_MEMORY_LIMIT 1
console.log('before');
const o={};for(let i=0;i<2e5;i++)o["k"+i]=i;for(;;)Object.entries(o);
