// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];a[2**31]=1;const b=new Array(2**26);b.fill(1);b.unshift(...b.slice(0,1e5));export default b.length;
