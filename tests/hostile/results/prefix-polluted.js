// A prefix shares its realm with the agent: what it broke stays broken, and the result is whole all the same.
// prefix: polluter
// expect: ok 0
// expect-jq: .exports.default == {"a": [1, 2]} and .stdout == ["{ a: [ 1, 2 ] }"]
console.log({ a: [1, 2] });
export default { a: [1, 2] };
