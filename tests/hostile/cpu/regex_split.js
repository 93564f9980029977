// expect: ERR_CPU_TIMEOUT 1
console.log('before');
("a".repeat(35)+"b,").repeat(100).split(/(a+)+,/);
