// expect: ERR_WALL_TIMEOUT 1
// args: --wall-time-ms 300
setInterval(() => {}, 0);
await new Promise(() => {});
