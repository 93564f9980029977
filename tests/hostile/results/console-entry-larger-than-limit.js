// expect: ok 0
// args: --max-stdout-bytes 100
// expect-jq: .stdout == ["small"] and .droppedStdout == 1
console.log('x'.repeat(101));
console.log('small');
