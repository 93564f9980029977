// expect: ERR_CPU_TIMEOUT 1
console.log('before');
let a=0;do{a++}while(a>0);
