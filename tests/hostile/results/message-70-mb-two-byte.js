// expect: ERR_USER_CODE 1
// args: --memory-mb 1024
// expect-jq: .error.message | utf8bytelength < 70000 and startswith("äää")
throw new Error('ä'.repeat(70e6));
