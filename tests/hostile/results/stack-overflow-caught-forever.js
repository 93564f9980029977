// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 200
for (;;) try { (function f() { f(); })(); } catch {}
