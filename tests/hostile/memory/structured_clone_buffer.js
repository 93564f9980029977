// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[new ArrayBuffer(1<<20)];for(;;)a.push(structuredClone(a));
