// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="\u0041\u030a\u0327".repeat(2**19);for(;;)s.normalize("NFC");
