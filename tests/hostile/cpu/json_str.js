// expect: ERR_CPU_TIMEOUT 1
console.log('before');
let o=[];for(let i=0;i<18;i++)o=[o,o];for(;;)JSON.stringify(o);
