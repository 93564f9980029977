// expect: ERR_MEMORY_LIMIT 1
console.log('before');
function*g(){yield 1;yield* g()}const a=[];for(;;){const x=g();x.next();a.push(x);}
