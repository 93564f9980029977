// expect: ok 0
// expect-jq: .exports.default | length == 8 and all(.[]; . == "Error")
const names = [];
for (const s of ['fs', 'node:fs', 'iso4 runtime', 'agent.js', '', '\0', 'x'.repeat(1e6), '__proto__'])
    try { names.push(await import(s)); } catch (e) { names.push(e.name); }
export default names;
