// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
export default new Proxy(function () {}, { apply() { throw new Error('forged'); } });
