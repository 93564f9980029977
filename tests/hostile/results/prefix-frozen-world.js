// prefix: frozen
// expect: ok 0
// expect-jq: .exports.default == {"a": 1} and .stdout == ["x"]
console.log('x');
export default { a: 1 };
