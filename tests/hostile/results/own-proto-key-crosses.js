// expect: ok 0
// expect-jq: .exports.default | has("__proto__") and .["__proto__"] == {"polluted": true}
export default JSON.parse('{"__proto__": {"polluted": true}, "a": 1}');
