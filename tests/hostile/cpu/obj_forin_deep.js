// expect: ERR_CPU_TIMEOUT 1
console.log('before');
let o={};for(let i=0;i<3000;i++){o=Object.create(o);o["k"+i]=1;}for(;;)for(const k in o);
