// It takes memory as fast as time: on a fast machine it is the memory that ends first.
// expect: ERR_CPU_TIMEOUT|ERR_MEMORY_LIMIT 1
console.log('before');
let s="(?:";for(let i=0;i<20000;i++)s+="[a-z]{1,9}|";s+=")";new RegExp(s).test("q");
