// expect: ok 0
// expect-jq: .stderr | length == 1 and (.[0] | test("nobody cares"))
// expect-jq: .durationMs < 1000
Promise.reject(new Error('nobody cares'));
export default 1;
