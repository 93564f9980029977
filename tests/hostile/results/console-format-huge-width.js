// expect: ok 0
// expect-jq: .stdout | length == 1
console.log('%s'.repeat(10000), ...Array(10000).fill('a'));
