// expect: ok 0
// expect-text: "stdout":["\ud800 \udc00 😀 \u0000 \udbff"]
console.log('\ud800 \udc00 \ud83d\ude00 \0 \udbff');
