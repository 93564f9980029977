// expect: ERR_CPU_TIMEOUT 1
// args: --allow-eval
console.log('before');
for(let i=0;;i++)(0,eval)("function f"+i+"(){return "+i+"};f"+i+"()");
