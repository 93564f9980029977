// expect: ok 0
// args: --cpu-time-ms 10000
let p = {};
for (let i = 0; i < 1e4; i++) p = new Proxy(p, {});
console.log(p);
