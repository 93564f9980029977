// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const s="x".repeat(2**29-24);const t=s.toUpperCase();/zz/.test(s);export default t.length;
