// expect: ok 0
// expect-jq: .exports == {"default": 2}
Promise.prototype.then = function () { throw new Error('forged'); };
export default 2;
