// expect: ok 0
console.log('before');
let s="a";for(let i=0;i<20;i++)s="(?:"+s+"){1,9}";export default new RegExp(s).test("a".repeat(1e4));
