// expect: ok 0
// expect-jq: .stdout | length == 1
console.log(Object.defineProperty(new Error('m'), 'stack', { get() { throw new Error('forged'); } }));
