// expect: ERR_MEMORY_LIMIT 1
// args: --allow-eval
console.log('before');
let s="["+"[1,2,{a:1}],".repeat(1e6)+"]";export default (0,eval)(s).length;
