// expect: ERR_MEMORY_LIMIT 1
console.log('before');
let a=[1,2,3];for(let i=0;i<12;i++)a=[a,a,a,a,a,a,a,a];export default a.flat(Infinity).length;
