// expect: ok 0
// args: --allow-eval
// expect-jq: .exports.default == ["undefined", "undefined", "undefined", "undefined"]
export default ['process', 'require', 'WebAssembly', 'SharedArrayBuffer'].map((n) => (0, eval)('typeof ' + n));
