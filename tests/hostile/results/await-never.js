// expect: ERR_DID_NOT_SETTLE 1
// expect-jq: .durationMs < 1000
await new Promise(() => {});
