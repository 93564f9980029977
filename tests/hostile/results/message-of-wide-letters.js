// expect: ERR_USER_CODE 1
// expect-jq: .error.message | (endswith("more characters]")) and (utf8bytelength < 65600) and (test("\ufffd") | not)
throw new Error('€'.repeat(100000));
