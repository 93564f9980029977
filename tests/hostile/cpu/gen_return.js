// expect: ok 0
console.log('before');
function*g(){try{for(;;)yield 1}finally{for(;;)yield 2}}for(const x of g())break;
