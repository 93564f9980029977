// expect: ERR_CPU_TIMEOUT 1
// args: --allow-eval --cpu-time-ms 150
(0, eval)('for (;;);');
