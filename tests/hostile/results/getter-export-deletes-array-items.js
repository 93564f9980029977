// expect: ok 0
// expect-jq: .exports.default | length == 3
const a = [1, 2, 3];
Object.defineProperty(a, 0, { get() { a.length = 1; return 1; }, enumerable: true, configurable: true });
a[1] = 2;
export default a;
