// expect: ERR_MEMORY_LIMIT 1
// expect-jq: .stdout == ["RangeError: Array buffer allocation failed"]
let kept;
try {
    new Float64Array(2 ** 40);
} catch (e) {
    console.log(e.stack.split('\n')[0]);
    kept = e;
}
await null;
throw kept;
