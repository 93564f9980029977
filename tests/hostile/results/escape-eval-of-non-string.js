// What is not a string is returned as it is: no code is made.
// expect: ok 0
// expect-jq: .exports.default == {"a": 1}
export default eval({ a: 1 });
