// expect: ERR_WALL_TIMEOUT 1
// args: --wall-time-ms 300 --cpu-time-ms 10000
const f = () => setTimeout(f, 0);
f();
await new Promise(() => {});
