// expect: ok 0
// expect-jq: .exports.default == ["EvalError", true]
let out;
try { eval('1'); } catch (e) { out = [e.name, e instanceof EvalError]; }
export default out;
