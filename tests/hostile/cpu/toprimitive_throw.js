// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const o={get [Symbol.toPrimitive](){for(;;);}};o+1;
