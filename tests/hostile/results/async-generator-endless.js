// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 150
async function* g() { for (;;) yield 1; }
for await (const x of g());
