// expect: ok 0
// expect-jq: (.stdout | length) + (.droppedStdout // 0) == 1
console.table(Array.from({ length: 1000 }, (_, i) => ({ ['c' + i]: 1 })));
