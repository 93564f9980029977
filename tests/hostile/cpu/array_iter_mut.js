// It takes memory as fast as time: on a fast machine it is the memory that ends first.
// expect: ERR_CPU_TIMEOUT|ERR_MEMORY_LIMIT 1
console.log('before');
const a=[1];for(const x of a)a.push(1);
