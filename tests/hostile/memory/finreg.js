// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const f=new FinalizationRegistry(()=>{});const k=[];for(let i=0;;i++){const o={};k.push(o);f.register(o,i,o);}
