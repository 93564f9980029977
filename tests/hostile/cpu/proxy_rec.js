// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const p=new Proxy({}, {get(t,k,r){try{return r[k]}catch(e){return r[k]}}});p.x;
