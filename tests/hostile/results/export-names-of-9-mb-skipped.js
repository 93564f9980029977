// expect: ok 0
// args: --skip-unserializable
// expect-jq: .skippedExports | length == 1 and (.[0].path | length < 2000)
const o = {};
o['é'.repeat(4.5e6)] = () => 1;
export default o;
