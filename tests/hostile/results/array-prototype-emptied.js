// expect: ok 0
// expect-jq: .exports == {"default": [1, 2]} and (.stdout | length) == 1
for (const key of Reflect.ownKeys(Array.prototype)) if (key !== 'length') delete Array.prototype[key];
console.log([1, 2], 'a');
export default [1, 2];
