// The stack can still grow.
// expect: ok 0
// expect-jq: .exports.default == "Maximum call stack size exceeded"
// args: --cpu-time-ms 20000
const kept = [];
for (let size = 64 << 20; size >= 4096; ) {
    try {
        kept.push(new ArrayBuffer(0, { maxByteLength: size }));
    } catch {
        size >>= 1;
    }
}
const f = (n) => f(n + 1) + 1;
let said;
try {
    f(0);
} catch (e) {
    said = e.message;
}
export default said;
