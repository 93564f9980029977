// expect: ERR_CPU_TIMEOUT 1
console.log('before');
function f(){return Promise.reject(1).catch(f)}await f();
