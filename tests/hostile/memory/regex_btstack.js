// expect-512: ERR_USER_CODE 1
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default /(?:(a)|b)*$/.test("ab".repeat(1e7)+"c");
