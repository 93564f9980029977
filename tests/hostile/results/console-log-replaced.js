// expect: ok 0
// expect-jq: .stdout == ["info"]
console.log = () => {};
console.log('lost, by the agent\'s own wish');
console.info('info');
