// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-jq: .stdout == [] and (.error.message | test("default\\.then"))
export default { a: 1, then(resolve) { console.log('called'); resolve(1); } };
