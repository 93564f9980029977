// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "x" and (.error.stack | test("iso4 runtime") | not)
Error.prepareStackTrace = (e, frames) => 'forged\n    at iso4 runtime:1:1\n    at agent.js:1:1';
throw new Error('x');
