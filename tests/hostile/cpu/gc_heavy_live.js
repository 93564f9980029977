// expect: ERR_CPU_TIMEOUT 1
console.log('before');
let h=[];for(let i=0;i<3e5;i++)h.push({i,p:h[i-1]});for(;;){let x=new Array(1000).fill({});}
