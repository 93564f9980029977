// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
const m = new Map();
m.set('m', [m]);
export default m;
