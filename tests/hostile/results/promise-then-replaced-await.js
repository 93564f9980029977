// expect: ok 0
// expect-jq: .exports == {"default": 3}
Promise.prototype.then = () => undefined;
const x = await Promise.resolve(3);
export default x;
