// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "Invalid string length"
console.log('before');
const a=[];a.length=2**32-1;JSON.stringify(a);
