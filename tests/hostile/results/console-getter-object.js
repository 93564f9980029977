// expect: ok 0
// expect-jq: (.stdout | length) == 1 and (.stdout[0] | test("forged") | not)
console.log({ get a() { console.log('forged'); throw new Error('forged'); } });
