// expect: ERR_CPU_TIMEOUT 1
console.log('before');
Error.prepareStackTrace=()=>{for(;;);};new Error("x").stack;
