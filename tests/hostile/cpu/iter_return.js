// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const it={[Symbol.iterator](){return{next(){return{done:false}},return(){for(;;);}}}};for(const x of it)break;
