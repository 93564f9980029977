// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default "\uFDFA".repeat(2**22).normalize("NFKD").length;
