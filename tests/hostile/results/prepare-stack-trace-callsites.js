// No frame gives a function, a receiver or a path of the runtime or the host.
// expect: ok 0
// expect-jq: .exports.default == []
let frames;
Error.prepareStackTrace = (e, f) => { frames = f; return ''; };
const found = [];
const look = () => {
    new Error('x').stack;
    for (const f of frames ?? []) {
        for (const call of ['getThis', 'getFunction', 'getFileName', 'getEvalOrigin', 'getScriptNameOrSourceURL']) {
            let v;
            try { v = f[call]?.(); } catch { continue; }
            if (typeof v === 'function' && v !== look) found.push(call);
            if (typeof v === 'object' && v) found.push(call);
            if (typeof v === 'string' && v.includes('/')) found.push(v);
        }
    }
};
look();
[1].forEach(look);
setTimeout(look, 1);
queueMicrotask(look);
console.log({ [Symbol.for('nodejs.util.inspect.custom')]: look, get a() { look(); return 1; } });
await new Promise((r) => setTimeout(r, 5));
export default [...new Set(found)];
