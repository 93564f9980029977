// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "RangeError"
console.log('before');
let p={};for(let i=0;i<2e5;i++)p=new Proxy(p,{});export default p.x;
