// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=Array.from({length:3e5},(_, i)=>"k".repeat(20)+i);for(;;)a.sort();
