// expect: ok 0
// expect-jq: .durationMs < 1000
export default { get a() { const f = () => Promise.resolve().then(f); f(); return 1; } };
