// expect: ok 0
// expect-jq: .stdout | length == 1
const o = { [Symbol.for('nodejs.util.inspect.custom')]() { return o; } };
console.log(o);
