// expect: ERR_CPU_TIMEOUT 1
console.log('before');
function*g(){for(;;)yield 1}for(const x of g());
