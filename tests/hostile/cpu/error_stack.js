// expect: ERR_CPU_TIMEOUT 1
console.log('before');
Error.stackTraceLimit=1e5;function f(n){if(n)f(n-1);else for(;;)new Error("x").stack}f(3000);
