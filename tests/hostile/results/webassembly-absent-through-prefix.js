// prefix: keeper
// expect: ok 0
// expect-jq: .exports.default == ["undefined", "undefined", "undefined"]
export default [typeof WebAssembly, typeof kept?.W, typeof kept?.S];
