// expect: ok 0
// expect-jq: .durationMs < 3000
console.log({ [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) { return inspect ? 'given ' + typeof inspect : 'x'; } });
