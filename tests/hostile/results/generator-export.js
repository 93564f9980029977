// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
export default (function* () { for (;;) yield 1; })();
