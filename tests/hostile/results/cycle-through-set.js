// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
const s = new Set();
s.add({ s });
export default s;
