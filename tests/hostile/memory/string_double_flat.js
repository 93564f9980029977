// expect: ERR_MEMORY_LIMIT 1
console.log('before');
let s="x".repeat(1000);for(;;){s=s+s;s.charCodeAt(5);/y/.test(s);}
