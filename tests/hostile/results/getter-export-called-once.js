// expect: ok 0
// expect-jq: .exports == {"default": {"a": 1}} and .stdout == ["get"]
let n = 0;
export default { get a() { console.log('get'); return ++n; } };
