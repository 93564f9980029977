// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const f=new Intl.DateTimeFormat("en",{dateStyle:"full"});for(;;)f.formatRange(0,1e12);
