// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "RangeError"
const o = { get a() { return o.a; } };
export default o;
