// expect: ERR_EXPORT_TOO_LARGE 1
export default new Uint8Array(50 << 20);
