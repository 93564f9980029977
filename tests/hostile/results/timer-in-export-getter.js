// expect: ok 0
// expect-jq: .durationMs < 1000
export default { get a() { setTimeout(() => { for (;;); }, 0); return 1; } };
