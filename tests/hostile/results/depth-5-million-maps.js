// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// args: --memory-mb 1024 --cpu-time-ms 30000
let o = new Map();
for (let i = 0; i < 1e6; i++) o = new Map([[1, o]]);
export default o;
