// expect: ok 0
// expect-jq: .stderr | length == 1
// args: --cpu-time-ms 300
setTimeout(() => { throw { toString() { for (;;); }, get stack() { for (;;); } }; }, 1);
await new Promise((r) => setTimeout(r, 20));
export default 1;
