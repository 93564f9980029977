// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
// args: --allow-eval
console.log('before');
let s="/*"+"x".repeat(2**28)+"*/1";export default (0,eval)(s);
