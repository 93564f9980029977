// expect: ERR_CPU_TIMEOUT 1
console.log('before');
/(x+x+)+y/.test("x".repeat(60));
