// No path, no URL, no resolver.
// expect: ok 0
// expect-jq: .exports.default == {"keys": [], "resolve": "undefined"}
export default { keys: Object.keys(import.meta), resolve: typeof import.meta.resolve };
