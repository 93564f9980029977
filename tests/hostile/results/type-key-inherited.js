// expect: ok 0
// expect-jq: .exports.default == {"a": 1}
Object.prototype.$type = 'map';
export default { a: 1 };
