// expect: ERR_CPU_TIMEOUT 1
// args: --allow-eval
console.log('before');
const s="[".repeat(5000)+"]".repeat(5000);for(;;)try{(0,eval)(s)}catch(e){}
