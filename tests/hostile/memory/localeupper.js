// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default "ß".repeat(2**27).toLocaleUpperCase("de").length;
