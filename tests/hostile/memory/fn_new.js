// expect: ERR_MEMORY_LIMIT 1
// args: --allow-eval
console.log('before');
const a=[];for(let i=0;;i++)a.push(new Function("a","return a+"+i+";/*"+"x".repeat(1000)+"*/"));
