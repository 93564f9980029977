// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="["+"1,".repeat(3000000)+"1]";for(;;)JSON.parse(s);
