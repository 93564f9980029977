// A module whose namespace looks like a thenable: the function is an export that cannot be serialized, and is not called.
// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-jq: .stdout == []
export function then(resolve) { console.log('called'); resolve({ forged: true }); }
