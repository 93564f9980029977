// expect: ERR_CPU_TIMEOUT 1
console.log('before');
let o=[];for(let i=0;i<26;i++)o=[o,o];JSON.stringify(o);for(;;);
