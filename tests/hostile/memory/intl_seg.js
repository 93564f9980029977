// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(;;)a.push(new Intl.Segmenter("th",{granularity:"word"}).segment("สวัสดี".repeat(100)));
