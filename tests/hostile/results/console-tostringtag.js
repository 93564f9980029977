// expect: ok 0
// expect-jq: .stdout | length == 2
console.log({ get [Symbol.toStringTag]() { throw new Error('forged'); } });
console.log(Object.create(null, { [Symbol.toStringTag]: { value: 'x'.repeat(1000) } }));
