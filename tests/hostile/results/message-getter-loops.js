// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 150
throw { get message() { for (;;); } };
