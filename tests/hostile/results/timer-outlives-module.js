// expect: ok 0
// expect-jq: .exports.default == 1 and .stdout == [] and .durationMs < 1000
setTimeout(() => console.log('late'), 1500);
setInterval(() => console.log('late'), 300);
export default 1;
