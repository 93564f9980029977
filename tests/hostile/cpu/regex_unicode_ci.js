// expect: ERR_CPU_TIMEOUT 1
console.log('before');
/^(\p{L}+)+$/iu.test("ä".repeat(40)+"1");
