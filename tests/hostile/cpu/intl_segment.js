// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="สวัสดีชาวโลก".repeat(50000);for(;;)for(const x of new Intl.Segmenter("th",{granularity:"word"}).segment(s));
