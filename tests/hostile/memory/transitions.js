// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(let i=0;;i++){const o={};for(let j=0;j<50;j++)o["p"+i+"_"+j]=j;a.push(o);}
