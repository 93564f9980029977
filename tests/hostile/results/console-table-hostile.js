// expect: ok 0
// expect-jq: .stdout | length == 1
// expect-jq: .durationMs < 4000
console.table([{ get a() { throw new Error('mine'); } }, new Proxy({}, { ownKeys() { throw new Error('mine'); } })]);
