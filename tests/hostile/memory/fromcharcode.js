// expect-32: ERR_MEMORY_LIMIT 1
// expect: ERR_USER_CODE 1
// expect-jq: .error.code == "ERR_MEMORY_LIMIT" or .error.name == "RangeError"
console.log('before');
export default String.fromCharCode.apply(null,new Uint16Array(2**22)).length;
