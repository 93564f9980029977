// expect: ERR_CPU_TIMEOUT 1
// args: --allow-eval
console.log('before');
let s="";for(let i=0;i<100000;i++)s+="x="+i+"+y;\n";for(;;)try{new Function(s)}catch(e){}
