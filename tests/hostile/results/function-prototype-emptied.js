// expect: ok 0
// expect-jq: .exports == {"default": 1} and .stdout == ["[Function: f] x"]
for (const key of Reflect.ownKeys(Function.prototype)) if (key !== 'name' && key !== 'length') try { delete Function.prototype[key]; } catch {}
console.log(function f() {}, 'x');
export default 1;
