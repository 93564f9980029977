// Neither console nor its methods lead anywhere but into the agent's own realm.
// expect: ok 0
// expect-jq: .exports.default == []
const odd = [];
const seen = new Set();
const walk = (o, path, depth) => {
    if ((typeof o !== 'object' && typeof o !== 'function') || o === null || seen.has(o) || depth > 6) return;
    seen.add(o);
    const p = Object.getPrototypeOf(o);
    if (typeof o === 'function' && o !== Function.prototype && !(o instanceof Function)) odd.push(path);
    for (const key of Reflect.ownKeys(o)) {
        const d = Object.getOwnPropertyDescriptor(o, key);
        for (const v of [d.value, d.get, d.set]) walk(v, path + '.' + String(key), depth + 1);
        if (/process|require|module|spawn|native|internal|binding|iso4/i.test(String(key))) odd.push(path + '.' + String(key));
    }
    walk(p, path + '.__proto__', depth + 1);
};
walk(globalThis, 'globalThis', 0);
export default odd;
