// expect: ERR_MEMORY_LIMIT 1
console.log('before');
function f(){Promise.resolve().then(f);Promise.resolve().then(f);}f();await new Promise(()=>{});
