// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
export default new Intl.NumberFormat('en');
