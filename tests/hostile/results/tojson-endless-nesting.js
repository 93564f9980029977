// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
const f = () => ({ a: { toJSON: f } });
export default f();
