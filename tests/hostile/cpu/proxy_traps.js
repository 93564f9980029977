// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const p=new Proxy({}, {get(t,k,r){return r[k]},has(){for(;;);}});"x" in p;
