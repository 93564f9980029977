// expect: ok 0
// expect-jq: .stdout | length == 2
console.log(Object.create({ get constructor() { throw new Error('forged'); } }));
console.log(Object.create({ constructor: { get name() { throw new Error('forged'); } } }));
