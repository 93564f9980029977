// expect: ok 0
// args: --memory-mb 512
// expect-jq: (.stdout | length) == 2 and (.stdout[0] | test("^xxx.*more characters]$")) and .stdout[1] == "after"
console.log('x'.repeat(70e6));
console.log('after');
