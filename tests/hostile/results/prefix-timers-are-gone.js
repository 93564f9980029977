// prefix: polluter
// expect: ok 0
// expect-jq: .stdout == [] and .durationMs < 1000
await new Promise((r) => setTimeout(r, 30));
