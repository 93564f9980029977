// expect: ok 0
// expect-jq: .stdout | length == 1
console.log(Object.assign(new Error('m'), { stack: 'forged\n    at iso4:runtime:1:1' }));
