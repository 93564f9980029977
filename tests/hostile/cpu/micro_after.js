// expect: ERR_CPU_TIMEOUT 1
console.log('before');
Promise.resolve().then(()=>{for(;;);});export default 1;
