// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
const make = () => ({ get a() { return make(); } });
export default make();
