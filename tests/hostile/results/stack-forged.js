// expect: ERR_USER_CODE 1
// expect-jq: .error | .code == "ERR_USER_CODE" and .message == "x"
const e = new Error('x');
e.stack = 'Error: y\n    at agent.js:999999999:999999999\n    at (agent.js:4294967297:1)\n    at agent.js:99999999999999999999:1';
throw e;
