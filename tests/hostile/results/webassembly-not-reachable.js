// expect: ok 0
// expect-jq: .exports.default == []
const found = [];
const seen = new Set([globalThis]);
const queue = [globalThis];
// A prototype of the web platform has getters that only instances answer.
const nameOf = (v) => Reflect.getOwnPropertyDescriptor(v, 'name')?.value;
while (queue.length && seen.size < 50000) {
    const o = queue.shift();
    for (const key of Reflect.ownKeys(o)) {
        const d = Reflect.getOwnPropertyDescriptor(o, key);
        for (const v of [d.value, d.get, d.set, Object.getPrototypeOf(o)])
            if (v && (typeof v === 'object' || typeof v === 'function') && !seen.has(v)) {
                seen.add(v);
                queue.push(v);
                if (/WebAssembly|SharedArrayBuffer/.test(Object.prototype.toString.call(v)) || /^(WebAssembly|SharedArrayBuffer|Memory|Instance)$/.test(nameOf(v))) found.push(String(key));
            }
    }
}
export default found;
