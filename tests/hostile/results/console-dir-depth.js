// expect: ok 0
// expect-jq: .droppedStdout == 1 or (.stdout | length) == 1
let o = {};
for (let i = 0; i < 1e5; i++) o = { o };
console.dir(o, { depth: Infinity });
