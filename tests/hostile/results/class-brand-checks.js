// Private names of thrown and exported objects are never looked at, and a brand check that throws is the agent's own.
// expect: ok 0
// expect-jq: .exports.default == {"ok": true}
class A { #x = 1; get ok() { return #x in this; } toJSON() { return { ok: this.#x === 1 }; } }
export default new A();
