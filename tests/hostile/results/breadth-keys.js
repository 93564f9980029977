// expect: ERR_EXPORT_TOO_LARGE 1
// args: --memory-mb 512 --cpu-time-ms 20000
const o = {};
for (let i = 0; i < 1e6; i++) o['k'.repeat(10) + i] = i;
export default o;
