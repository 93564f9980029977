// expect: ok 0
// expect-jq: .exports.default == {"length": 4294967295}
export default { length: 2 ** 32 - 1, __proto__: Array.prototype };
