// expect: ERR_CPU_TIMEOUT 1
console.log('before');
"a".repeat(30000).replace(/(a*)*b/g,"");
