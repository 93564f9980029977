// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const f=new Intl.NumberFormat("en");f.format(10n**300000n);for(;;);
