// expect: ok 0
// expect-jq: .exports.default == {"0": 1, "1": 2}
export default (function () { return arguments; })(1, 2);
