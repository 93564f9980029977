// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=new Float64Array(2**22).map((_, i)=>-i);const b=Array.from(a);b.sort((x,y)=>x-y);export default b.length;
