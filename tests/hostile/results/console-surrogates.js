// expect: ok 0
// expect-text: "stdout":["� � 😀 \u0000 �"]
console.log('\ud800 \udc00 \ud83d\ude00 \0 \udbff');
