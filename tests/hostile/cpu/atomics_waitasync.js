// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "ReferenceError"
console.log('before');
const i=new Int32Array(new SharedArrayBuffer(4));await Atomics.waitAsync(i,0,0).value;
