// expect: ERR_COMPILE 1
// expect-jq: .stdout == []
console.log('not run');
let a; let a;
