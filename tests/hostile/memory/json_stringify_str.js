// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const s="\u0001".repeat(2**26);export default JSON.stringify([s,s,s,s]).length;
