// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(;;)a.push([1,2,3,4,5,6,7,8]);
