// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 150
// expect-jq: .stdout == ["start"]
console.log('start');
try { for (;;); } catch { console.log('forged'); } finally { console.log('forged'); }
