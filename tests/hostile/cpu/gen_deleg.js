// expect: ERR_CPU_TIMEOUT 1
console.log('before');
function*g(n){if(n)yield*g(n-1);for(;;)yield 1}for(const x of g(1000));
