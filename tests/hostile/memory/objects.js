// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(let i=0;;i++)a.push({i,s:i+"x",d:new Date(i)});
