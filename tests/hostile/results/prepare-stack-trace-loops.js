// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 150
Error.prepareStackTrace = () => { for (;;); };
throw new Error('x');
