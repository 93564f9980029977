// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default BigInt.asUintN(2**30,-1n).toString(16).length;
