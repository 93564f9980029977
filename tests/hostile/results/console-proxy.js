// expect: ok 0
// expect-jq: .stdout | length == 1 and (.[0] | test("forged") | not)
console.log(new Proxy({ a: 1 }, { get() { console.log('forged'); throw new Error('forged'); }, ownKeys() { throw new Error('forged'); }, getPrototypeOf() { throw new Error('forged'); } }));
