// expect: ok 0
// expect-jq: .exports.default == "ran"
const t = setTimeout(() => {}, 5);
if (typeof t === 'object') for (const key of Reflect.ownKeys(Object.getPrototypeOf(t))) try { Object.getPrototypeOf(t)[key] = () => { throw new Error('forged'); }; } catch {}
Object.prototype.next = Object.prototype.prev = Object.prototype.callback = Object.prototype.when = 'forged';
export default await new Promise((r) => setTimeout(r, 10, 'ran'));
