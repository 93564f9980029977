// expect: ok 0
// expect-jq: .stdout | length == 1
// args: --memory-mb 1024 --cpu-time-ms 30000
Error.stackTraceLimit = 0;
let e = new Error('first');
for (let i = 0; i < 1e4; i++) e = new Error('x', { cause: e });
console.log(e);
