// expect: ERR_CPU_TIMEOUT 1
console.log('before');
Iterator.from({next(){return{done:false,value:1}}}).filter(()=>false).next();
