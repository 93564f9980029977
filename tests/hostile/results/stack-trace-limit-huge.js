// expect: ERR_USER_CODE 1
// expect-jq: .error.stack | split("\n") | length < 100000
Error.stackTraceLimit = Infinity;
function f(n) { if (n) f(n - 1); else throw new Error('deep'); }
f(5000);
