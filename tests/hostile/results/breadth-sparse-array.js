// expect: ERR_EXPORT_TOO_LARGE 1
// args: --cpu-time-ms 20000
const a = [];
a.length = 2 ** 32 - 1;
export default a;
