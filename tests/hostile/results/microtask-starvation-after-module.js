// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 200
const f = () => queueMicrotask(f);
f();
export default 1;
