// expect: ERR_CPU_TIMEOUT 1
console.log('before');
for(let i=0;;i++)new RegExp("(a|b|"+i+")*[\\p{L}]{1,50}","u").test("ab");
