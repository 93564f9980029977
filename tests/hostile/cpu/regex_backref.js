// expect: ERR_CPU_TIMEOUT 1
console.log('before');
/(.*)\1\1\1\1x/.test("a".repeat(50000));
