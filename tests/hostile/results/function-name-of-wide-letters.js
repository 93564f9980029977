// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 150
// expect-jq: .error.stack | test("…") and (test("\ufffd") | not)
const name = 'a' + '€'.repeat(300);
const f = { [name]() { for (;;); } }[name];
f();
