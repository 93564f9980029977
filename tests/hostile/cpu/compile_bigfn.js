// expect: ERR_CPU_TIMEOUT 1
// args: --allow-eval
console.log('before');
let s="return function(a){let q=0;";for(let i=0;i<60000;i++)s+="q+=a["+i+"]*"+i+";";const f=new Function(s+"return q}")();for(;;)f([1]);
