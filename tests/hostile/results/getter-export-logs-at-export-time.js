// expect: ok 0
// expect-jq: .stdout == ["one", "two"] and .exports == {"default": {"a": 2}}
export default { get a() { console.log('one'); console.log('two'); return 2; } };
