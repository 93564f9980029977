// expect: ERR_USER_CODE 1
// expect-jq: .error | .name == "RangeError" and .message == "Array buffer allocation failed"
const e = new RangeError('Array buffer allocation failed');
e.stack = 'RangeError: Array buffer allocation failed\n    at new ArrayBuffer (<anonymous>)\n    at agent.js:1:1';
throw e;
