// expect: ok 0
for (const x of [undefined, null, NaN, -1, 1e9, 'x', {}, [], Symbol.iterator, { valueOf() { throw 1; } }]) try { clearTimeout(x); clearInterval(x); } catch (e) { if (typeof x !== 'symbol' && typeof x !== 'object') throw e; }
export default 1;
