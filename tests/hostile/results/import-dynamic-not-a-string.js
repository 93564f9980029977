// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "mine"
await import({ toString() { throw new Error('mine'); } });
