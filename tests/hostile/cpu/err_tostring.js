// expect: ERR_CPU_TIMEOUT 1
console.log('before');
throw {toString(){for(;;);},get message(){for(;;);},get stack(){for(;;);}};
