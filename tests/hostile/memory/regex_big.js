// expect: ok 0
console.log('before');
const r=new RegExp("(?:a{1,1000}){1,1000}");export default r.test("a".repeat(100000)+"b");
