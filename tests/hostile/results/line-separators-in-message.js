// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "a\u2028b\u2029c\r\nd"
throw new Error('a\u2028b\u2029c\r\nd');
