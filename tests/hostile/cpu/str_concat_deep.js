// expect: ERR_CPU_TIMEOUT 1
console.log('before');
let s="";for(let i=0;;i++){s="a"+s+"b";if(i%100000==0)s.charCodeAt(0);if(s.length>2e7)s="";}
