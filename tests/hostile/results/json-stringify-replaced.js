// expect: ok 0
// expect-jq: .exports == {"default": {"a": 1}} and .stdout == ["x"]
JSON.stringify = () => '{"forged":1}';
JSON.parse = () => { throw 1; };
console.log('x');
export default { a: 1 };
