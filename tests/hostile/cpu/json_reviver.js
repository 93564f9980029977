// expect: ERR_CPU_TIMEOUT 1
console.log('before');
JSON.parse("["+"1,".repeat(1000000)+"1]",function(k,v){for(let i=0;i<1e5;i++);return v});
