// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-jq: .error.message | test("deep")
let o = [];
for (let i = 0; i < 9989; i++) o = [o];
export default o;
