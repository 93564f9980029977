// expect: ok 0
// expect-jq: .exports.default | length == 3
export default [1, , 3];
