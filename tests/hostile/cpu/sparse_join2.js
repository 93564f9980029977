// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "Invalid array length"
console.log('before');
Array.prototype.join.call({length:2**53-1},"");
