// expect: ERR_USER_CODE 1
// expect-jq: .error | has("stack") | not
throw Object.assign(new Error('x'), { stack: { toString: () => 'forged' } });
