// expect: ok 0
// expect-jq: .exports.default == "2020-01-01" or .exports.default == null
export default typeof Temporal === 'object' ? Temporal.PlainDate.from('2020-01-01') : null;
