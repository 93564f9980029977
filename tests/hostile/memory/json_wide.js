// expect: ERR_MEMORY_LIMIT 1
console.log('before');
let s="["+"{\"a\":[1,2,{}]},".repeat(3e6)+"1]";export default JSON.parse(s).length;
