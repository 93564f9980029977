// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
let s="";for(let i=0;i<5e6;i++)s+="ab"+i;export default s.charCodeAt(1000);
