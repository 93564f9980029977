// expect: ok 0
// expect-jq: .exports.default == {"$type": "map", "entries": [["a", {"$type": "set", "values": [1]}]]} and .stdout == ["Map(1) { 'a' => Set(1) { 1 } }"]
const m = new Map([['a', new Set([1])]]);
for (const C of [Map, Set]) for (const key of Reflect.ownKeys(C.prototype))
    Object.defineProperty(C.prototype, key, { get() { return () => { throw new Error('forged'); }; }, configurable: true });
console.log(m);
export default m;
