// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 150
setTimeout(() => { for (;;); }, 1);
await new Promise(() => {});
