// expect: ERR_MEMORY_LIMIT 1
console.log('before');
let a=[1];for(;;)a=a.concat(a);
