// expect: ERR_CPU_TIMEOUT 1
console.log('before');
/^(a+)+$/.test("a".repeat(40)+"b");
