// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="ก".repeat(3e6);const g=new Intl.Segmenter("th",{granularity:"word"}).segment(s);g.containing(2999999);for(;;);
