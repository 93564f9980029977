// expect: ERR_CPU_TIMEOUT 1
console.log('before');
async function f(){for(;;)await 0}await f();
