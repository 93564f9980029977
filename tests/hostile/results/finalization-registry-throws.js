// expect: ok 0
const f = new FinalizationRegistry(() => { throw new Error('late'); });
for (let i = 0; i < 1e4; i++) f.register({}, i);
for (let i = 0; i < 100; i++) new ArrayBuffer(1 << 20);
await new Promise((r) => setTimeout(r, 1));
export default 1;
