// expect: ok 0
// expect-jq: .stderr | length == 1
// expect-jq: .durationMs < 4000
setTimeout(() => { throw { get name() { throw 1; }, get message() { throw 2; }, get stack() { throw 3; }, toString() { throw 4; } }; }, 1);
await new Promise((r) => setTimeout(r, 20));
export default 1;
