// expect: ok 0
// expect-jq: .exports == {"default": 1} and .stdout == ["x 1"]
Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw new Error('forged'); };
Reflect.apply = () => { throw new Error('forged'); };
console.log('x', 1);
export default 1;
