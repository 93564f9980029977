// expect: ERR_MEMORY_LIMIT 1
// Whichever is first.
const s = 'x'.repeat(3e8);
for (const f of [() => structuredClone([s]), () => new TextEncoder().encode(s), () => btoa(s), () => new Blob([s]), () => encodeURIComponent(s)]) {
    try {
        f();
    } catch (e) {
        console.log(e.name);
    }
}
export default 1;
