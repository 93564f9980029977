// expect: ok 0
// expect-jq: .exports.default == [0, 5]
const i = new Int32Array(1);
export default [Atomics.add(i, 0, 5), Atomics.load(i, 0)];
