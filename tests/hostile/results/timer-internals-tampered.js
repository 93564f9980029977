// expect: ok 0
// expect-jq: .exports.default == [1, 2, 3]
for (const name of ['push', 'pop', 'shift', 'splice', 'sort', 'indexOf']) Array.prototype[name] = () => { throw new Error('forged'); };
for (const name of ['get', 'set', 'delete', 'has']) Map.prototype[name] = () => { throw new Error('forged'); };
Math.max = Math.min = Math.floor = () => NaN;
Date.now = () => NaN;
const out = [];
await new Promise((r) => { setTimeout(() => { out[out.length] = 1; }, 1); setTimeout(() => { out[out.length] = 2; }, 5); setTimeout(() => { out[out.length] = 3; r(); }, 9); });
export default out;
