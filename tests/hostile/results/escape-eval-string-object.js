// expect: ok 0
// expect-jq: .stdout == []
eval(new String('console.log("forged")'));
