// expect: ERR_CPU_TIMEOUT 1
console.log('before');
function f(){try{return f()}catch(e){try{return f()}catch(e){return f()}}}f();
