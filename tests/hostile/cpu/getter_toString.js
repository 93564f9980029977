// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const o={toString(){for(;;);}};""+o;
