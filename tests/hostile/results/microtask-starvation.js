// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 200
const f = () => Promise.resolve().then(f);
f();
await new Promise((r) => setTimeout(r, 1));
