// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 300
// expect-jq: .error.stack | length < 100000
const name = 'x'.repeat(9e6);
const f = { [name]() { for (;;); } }[name];
f();
