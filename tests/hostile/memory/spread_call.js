// expect-512: ERR_USER_CODE 1
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=new Array(2**25).fill(1);export default Math.max(...a);
