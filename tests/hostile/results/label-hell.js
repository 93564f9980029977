// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 150
a: for (;;) { try { continue a; } finally { try { for (;;) {} } finally { continue a; } } }
