// Two calls differ, and what the prefix drew is not drawn again.
// prefix: keeper
// expect: ok 0
// expect-jq: .exports.default == true
export default !kept.random.includes(Math.random());
