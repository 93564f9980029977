// expect: ERR_USER_CODE 1
// expect-jq: .error | .name == "a\u0000b" and .message == "c\u0000d"
throw Object.assign(new Error('c\0d'), { name: 'a\0b' });
