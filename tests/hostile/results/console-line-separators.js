// Legal in JSON as they are, and no line ends for those who read line by line.
// expect: ok 0
// expect-jq: .stdout == ["a\u2028b\u2029c\u0085d\u000be\u000cf"]
console.log('a\u2028b\u2029c\u0085d\ve\ff');
