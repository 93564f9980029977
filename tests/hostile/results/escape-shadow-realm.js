// expect: ok 0
// expect-jq: .exports.default == "undefined"
export default typeof ShadowRealm;
