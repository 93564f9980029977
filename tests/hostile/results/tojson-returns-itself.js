// Like JSON.stringify: toJSON is not applied again to what it returns.
// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
const o = { toJSON() { return o; } };
export default o;
