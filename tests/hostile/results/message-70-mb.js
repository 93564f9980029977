// expect: ERR_USER_CODE 1
// args: --memory-mb 512
// expect-jq: .error.message | length < 70000 and startswith("xxx")
throw new Error('x'.repeat(70e6));
