// expect: ok 0
// expect-jq: .exports == {"p": 5}
Promise.resolve = () => { throw 1; };
Object.defineProperty(Promise.prototype, 'constructor', { get() { throw 2; } });
export const p = new Promise((yes) => yes(5));
