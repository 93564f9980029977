// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const f=new Intl.ListFormat("en");const a=Array(50000).fill("x");f.format(a);for(;;);
