// expect: ERR_CPU_TIMEOUT 1
console.log('before');
function f(){Promise.resolve().then(f)}f();await new Promise(()=>{});
