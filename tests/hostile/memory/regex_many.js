// expect: ERR_MEMORY_LIMIT 1
// args: --cpu-time-ms 0 --wall-time-ms 0
console.log('before');
const a=[];for(let i=0;;i++){const r=new RegExp("(a|b)*c{1,50}"+i+"[\\p{L}]+","u");r.test("aaab"+i);a.push(r);}
