// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "a"
const a = new Error('a');
a.cause = a;
a.self = a;
throw a;
