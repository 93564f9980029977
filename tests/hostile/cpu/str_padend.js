// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(;;){const s="".padEnd(2**24,"ab");/z/.test(s);}
