// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s=new Set([1]);s.forEach(v=>{s.delete(v);s.add(v)});
