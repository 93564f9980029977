// expect: ok 0
// expect-jq: .exports.default.a == 1
export default { get a() { Promise.resolve().then(() => { throw new Error('too late'); }); return 1; } };
