// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "a"
throw Object.defineProperty(new Error('a'), 'cause', { get() { throw new Error('forged'); }, enumerable: false });
