// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-jq: .stdout == [] or .stdout == ["called"]
export default { then(resolve) { console.log('called'); resolve(1); } };
