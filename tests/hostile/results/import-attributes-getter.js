// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "mine"
await import('x', { get with() { throw new Error('mine'); } });
