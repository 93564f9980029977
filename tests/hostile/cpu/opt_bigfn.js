// expect: ERR_CPU_TIMEOUT 1
// args: --allow-eval
console.log('before');
let s="return function(a){let q=0;";for(let i=0;i<4000;i++)s+="q+=a.x"+(i%50)+"*"+i+";";const f=new Function(s+"return q}")();const o={};for(let i=0;i<50;i++)o["x"+i]=i;for(;;)f(o);
