// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-jq: .error.message | test("weak")
export default new WeakRef({});
