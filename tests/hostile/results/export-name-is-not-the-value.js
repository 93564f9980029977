// expect: ok 0
// expect-jq: .exports.default | length == 1000000
export default '"'.repeat(1e6);
