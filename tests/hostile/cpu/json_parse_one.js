// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="["+"{\"a\":1},".repeat(700000)+"1]";JSON.parse(s);for(;;);
