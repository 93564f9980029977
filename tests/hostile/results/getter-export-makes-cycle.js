// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
const o = { get a() { return o; } };
export default o;
