// expect: ok 0
// args: --memory-mb 512
// expect-jq: .stdout == ["after"] and .droppedStdout == 1
console.log('x'.repeat(70e6));
console.log('after');
