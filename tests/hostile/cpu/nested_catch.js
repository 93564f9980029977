// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(;;){try{for(;;){throw 1}}catch(e){}finally{}}
