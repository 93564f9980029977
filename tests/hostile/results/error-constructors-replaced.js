// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "TypeError"
globalThis.Error = globalThis.TypeError = globalThis.RangeError = function () { throw new Error('forged'); };
null.x;
