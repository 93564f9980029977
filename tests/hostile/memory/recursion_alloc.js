// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "RangeError"
console.log('before');
function f(a){return f([a,a])+f([a])}export default f([]);
