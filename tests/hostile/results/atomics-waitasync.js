// expect: ERR_USER_CODE 1
// expect-jq: .durationMs < 1000
Atomics.waitAsync(new Int32Array(4), 0, 0);
