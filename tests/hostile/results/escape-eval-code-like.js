// expect: ok 0
// expect-jq: .stdout == []
eval({ toString: () => 'console.log("forged")', [Symbol.toPrimitive]: () => 'console.log("forged")' });
