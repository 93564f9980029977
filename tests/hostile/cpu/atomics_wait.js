// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "ReferenceError"
console.log('before');
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0);
