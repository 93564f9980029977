// expect: ERR_MEMORY_LIMIT 1
console.log('before');
let s="[".repeat(5e6)+"]".repeat(5e6);export default typeof JSON.parse(s);
