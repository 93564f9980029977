// expect: ERR_MEMORY_LIMIT 1
console.log('before');
Error.stackTraceLimit=1e4;const a=[];function f(n){if(n)return f(n-1);return new Error("x").stack}for(;;)a.push(f(2000));
