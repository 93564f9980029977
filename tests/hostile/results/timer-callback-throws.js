// expect: ok 0
// expect-jq: .stderr | length == 1 and (.[0] | test("in a timer"))
setTimeout(() => { throw new Error('in a timer'); }, 1);
await new Promise((r) => setTimeout(r, 20));
export default 1;
