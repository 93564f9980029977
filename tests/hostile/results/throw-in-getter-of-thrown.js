// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "outer"
throw Object.defineProperty(new Error('outer'), 'name', { get() { throw new Error('inner'); } });
