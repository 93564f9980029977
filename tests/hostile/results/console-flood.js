// expect: ok 0
// expect-jq: (.stdout | length) < 200000 and .droppedStdout > 0 and .exports.default == "end"
for (let i = 0; i < 3e5; i++) console.log('line ' + i);
export default 'end';
