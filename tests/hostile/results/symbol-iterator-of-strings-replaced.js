// expect: ok 0
// expect-jq: .exports == {"default": "abc"} and .stdout == ["abc"]
String.prototype[Symbol.iterator] = () => { throw new Error('forged'); };
for (const name of ['replace', 'split', 'slice', 'indexOf', 'charCodeAt', 'padEnd', 'repeat', 'startsWith']) String.prototype[name] = () => { throw new Error('forged'); };
console.log('%s', 'abc');
export default 'abc';
