// expect: ERR_USER_CODE 1
// args: --memory-mb 512
// expect-jq: .error.message | length > 1000
throw new Error('x' + '😀'.repeat(1e6));
