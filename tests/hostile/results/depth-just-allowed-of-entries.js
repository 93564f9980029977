// expect: ok 0
// expect-text: "entries":[[{"$type":"string","utf16":"ANg="},1]]}]]}]]}]]}
// args: --cpu-time-ms 20000
// An object, a list and an entry: three levels each.
let o = 1;
for (let i = 0; i < 3329; i++) o = { '\ud800': o };
export default [o];
