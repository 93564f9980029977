// expect: ok 0
// expect-jq: .stdout == ["{ a: [ 1, 'x' ] }"]
const { ownKeys } = Reflect;
for (const C of [Object, Array, String, Map, Set, WeakMap, RegExp, Symbol, Number, Error, Date, Reflect, JSON, Math])
    for (const key of ownKeys(C)) try { C[key] = () => { throw new Error('forged'); }; } catch {}
for (const C of [String, Map, Set, WeakMap, RegExp, Number, Date])
    for (const key of ownKeys(C.prototype)) try { C.prototype[key] = () => { throw new Error('forged'); }; } catch {}
console.log({ a: [1, 'x'] });
