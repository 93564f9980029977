// expect: ok 0
// expect-jq: .stdout == ["\u001b]0;owned\u0007\u001b[2J\u009b31m\u0000"]
console.log('\x1b]0;owned\x07\x1b[2J\x9b31m\0');
