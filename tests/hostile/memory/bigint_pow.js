// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "RangeError"
console.log('before');
export default (2n**(2n**30n)).toString().length;
