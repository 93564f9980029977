// A callback that loops counts as the agent's CPU time if it runs at all.
// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 300
const f = new FinalizationRegistry(() => { for (;;); });
for (let i = 0; i < 1e4; i++) f.register({}, i);
for (let i = 0; i < 30; i++) new ArrayBuffer(1 << 20);
await new Promise((r) => setTimeout(r, 1));
for (let i = 0; i < 100; i++) new ArrayBuffer(1 << 20);
await new Promise((r) => setTimeout(r, 1));
export default 1;
