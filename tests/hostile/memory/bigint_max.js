// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default typeof (2n**(2n**30n-1n));
