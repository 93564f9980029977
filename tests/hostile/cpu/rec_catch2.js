// expect: ERR_CPU_TIMEOUT 1
console.log('before');
function f(){try{f()}catch(e){f()}}f();
