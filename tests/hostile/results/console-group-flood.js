// expect: ok 0
// expect-jq: .stdout | length == 1
// expect-jq: .durationMs < 4000
for (let i = 0; i < 1e5; i++) console.group();
console.log('x');
