// prefix: polyfills
// expect: ok 0
// expect-jq: .exports.default == ["undefined", "undefined"] and .stdout == []
for (const make of [() => new SharedArrayBuffer(8), () => new WebAssembly.Memory({ initial: 1 }).buffer]) {
    try {
        console.log('made', make(), Atomics.waitAsync(new Int32Array(make()), 0, 0));
    } catch {}
}
export default [typeof SharedArrayBuffer, typeof WebAssembly];
