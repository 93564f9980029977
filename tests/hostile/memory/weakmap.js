// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const m=new WeakMap(),k=[];for(;;){const o={};k.push(o);m.set(o,[o]);}
