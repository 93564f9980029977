// expect: ok 0
// expect-jq: .exports.default | (tostring | test("forged") | not) or (type == "object")
export default JSON.rawJSON ? JSON.rawJSON('"forged\\",\\"x"') : { rawJSON: 'none' };
