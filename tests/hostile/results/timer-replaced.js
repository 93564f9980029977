// expect: ok 0
// expect-jq: .exports.default == "real"
const real = setTimeout;
globalThis.setTimeout = globalThis.setInterval = globalThis.queueMicrotask = () => { throw new Error('forged'); };
export default await new Promise((r) => real(r, 1, 'real'));
