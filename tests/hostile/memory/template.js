// expect: ERR_MEMORY_LIMIT 1
// args: --allow-eval
console.log('before');
const a=[];for(let i=0;;i++)a.push((0,eval)("(x=>x`"+"${1}".repeat(500)+i+"`)")(s=>s));
