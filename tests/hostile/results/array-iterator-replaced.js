// expect: ok 0
// expect-jq: .exports == {"default": [1, 2]} and .stdout == ["a [ 1, 2 ]"]
Array.prototype[Symbol.iterator] = function* () { yield 'forged'; };
Object.getPrototypeOf([].keys()).next = () => ({ done: false, value: 'forged' });
console.log('a', [1, 2]);
export default [1, 2];
