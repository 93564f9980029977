// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 200
const t = { then(r) { r(t); } };
await t;
