// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "TypeError"
Atomics.wait(new Int32Array(new ArrayBuffer(4)), 0, 0, 1000);
