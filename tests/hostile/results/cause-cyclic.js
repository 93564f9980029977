// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "a"
const a = new Error('a'), b = new Error('b', { cause: a });
a.cause = b;
throw a;
