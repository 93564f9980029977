// prefix: thenable
// expect: ok 0
// expect-jq: .durationMs < 2000
export default 1;
