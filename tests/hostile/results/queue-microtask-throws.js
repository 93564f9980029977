// expect: ok 0
// expect-jq: .stderr | length == 1 and (.[0] | test("in a microtask"))
queueMicrotask(() => { throw new Error('in a microtask'); });
await null;
export default 1;
