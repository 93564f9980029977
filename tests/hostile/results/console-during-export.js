// expect: ok 0
// expect-jq: .stdout == ["1", "2"] and .exports == {"a": {"x": 1}, "b": {"x": 2}}
export const a = { get x() { console.log('1'); return 1; } }, b = { get x() { console.log('2'); return 2; } };
