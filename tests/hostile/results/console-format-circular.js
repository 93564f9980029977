// expect: ok 0
// expect-jq: .stdout | length == 1
const o = {};
o.o = o;
console.log('%j %o', o, o);
