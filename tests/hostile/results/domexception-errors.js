// A DOMException is an error like others; in a realm without the class nothing depends on it.
// expect: ok 0
// expect-jq: .exports.default | test("Error$|Exception$")
let name;
try { if (typeof structuredClone === 'function') structuredClone(() => {}); else throw new TypeError('none'); } catch (e) { name = e.constructor.name; }
export default name;
