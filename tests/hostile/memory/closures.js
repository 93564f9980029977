// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(let i=0;;i++){const big=[i,i,i,i];a.push(()=>big);}
