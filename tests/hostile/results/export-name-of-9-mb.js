// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-jq: .error.message | length < 1000
const o = {};
o['x'.repeat(9e6)] = () => 1;
export default o;
