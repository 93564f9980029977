// Work that a callback plans for later does not hold the run open.
// expect: ok 0
// expect-jq: .durationMs < 2000
const f = new FinalizationRegistry(function again(n) { f.register({}, n); });
f.register({}, 1);
export default 1;
