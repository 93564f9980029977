// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-jq: .error.message | test("default\\.a\\[1\\]\\.b")
export default { a: [1, { b: class {} }] };
