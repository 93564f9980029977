// expect: ok 0
// expect-jq: .stderr | length == 1 and (.[0] | test("not handled: Error: alone"))
// expect-jq: .durationMs < 1000
Promise.reject(new Error('alone'));
export default 1;
