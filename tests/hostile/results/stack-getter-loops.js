// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 150
const e = new Error('x');
Object.defineProperty(e, 'stack', { get() { for (;;); } });
throw e;
