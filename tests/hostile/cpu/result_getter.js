// expect: ERR_CPU_TIMEOUT 1
console.log('before');
export default {get a(){for(;;);}};
