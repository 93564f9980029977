// expect-512: ERR_USER_CODE 1
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const s=new Array(2**25).join("abcdefgh"+String(Math.random()));export default s.length;
