// expect: ERR_USER_CODE 1
// args: --memory-mb 512
// expect-jq: .error.fields | tostring | length < 300000
throw Object.assign(new Error('x'), { big: 'f'.repeat(70e6), small: 1 });
