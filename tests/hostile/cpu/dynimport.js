// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(;;)try{await import("x")}catch(e){}
