// expect: ok 0
// expect-jq: .exports.default == [1, {"$type": "undefined"}]
// expect-jq: .durationMs < 2000
const a = [];
Object.defineProperty(a, 0, { get() { a.push({ get x() { a.push(1); return 1; } }); return 1; }, enumerable: true });
a.length = 2;
export default a;
