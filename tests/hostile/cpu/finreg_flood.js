// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const f=new FinalizationRegistry(()=>{for(;;);});for(let i=0;i<1e5;i++)f.register({},1);for(let i=0;i<50;i++)new ArrayBuffer(1<<20);await new Promise(r=>setTimeout(r,0));for(;;)new ArrayBuffer(1<<20);
