// expect: ok 0
// expect-jq: (.stdout | length) == 1 and (.stdout[0] | test("mine"))
console.count({ toString() { throw new Error('mine'); } });
