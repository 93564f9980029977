// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default Math.max.apply(null,new Array(2**26));
