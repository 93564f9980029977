// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "RangeError"
console.log('before');
let s="x";for(;;)s=s+s;
