// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// args: --memory-mb 1024 --cpu-time-ms 30000
let o = [];
for (let i = 0; i < 5e6; i++) o = [o];
export default o;
