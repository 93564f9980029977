// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-jq: .error.message | test("proxy")
export default new Proxy({ a: 1 }, {});
