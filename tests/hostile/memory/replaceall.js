// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "RangeError"
console.log('before');
export default "a".repeat(2**20).replaceAll("a","b".repeat(2**12)).length;
