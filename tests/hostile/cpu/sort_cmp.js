// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=Array.from({length:5e5},(_, i)=>(i*7919)%500009);for(;;)a.sort((x,y)=>y-x||1);
