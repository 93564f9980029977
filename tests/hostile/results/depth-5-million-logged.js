// expect: ok 0
// expect-jq: .stdout | length == 2
// args: --memory-mb 1024 --cpu-time-ms 30000
let o = [];
for (let i = 0; i < 5e6; i++) o = [o];
console.log(o);
console.log('%o %O %j', o, o, 1);
