// expect: ERR_MEMORY_LIMIT 1
console.log('before');
let a=['x'.repeat(1<<20)];for(;;)a=[a,structuredClone(a)];
