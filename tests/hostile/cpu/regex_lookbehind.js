// expect: ok 0
console.log('before');
/(?<=(a+)+)b/.test("a".repeat(40)+"c");
