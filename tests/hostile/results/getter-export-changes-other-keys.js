// expect: ok 0
// expect-jq: .exports.default.a == 1 and (.exports.default | has("c") | not)
const o = { get a() { delete o.b; o.c = 3; return 1; }, b: 2 };
export default o;
