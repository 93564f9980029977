// expect: ok 0
// expect-jq: .stdout == ["x"]
Object.freeze(console);
Object.freeze(globalThis);
console.log('x');
