// Where there is a DOMException it is an error like others; where there is none, nothing depends on it.
// expect: ok 0
// expect-jq: .exports.default | test("Error$|Exception$")
let name;
try { if (typeof structuredClone === 'function') structuredClone(() => {}); else throw new TypeError('none'); } catch (e) { name = e.constructor.name; }
export default name;
