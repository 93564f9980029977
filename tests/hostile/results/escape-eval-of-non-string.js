// eval() returns other values than strings as they are: no code is made.
// expect: ok 0
// expect-jq: .exports.default == {"a": 1}
export default eval({ a: 1 });
