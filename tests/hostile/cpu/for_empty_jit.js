// expect: ERR_CPU_TIMEOUT 1
console.log('before');
function f(){let x=0;for(let i=0;;i++){x=(x+i)|0}}f();
