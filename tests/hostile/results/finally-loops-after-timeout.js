// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 150
try { for (;;); } finally { for (;;); }
