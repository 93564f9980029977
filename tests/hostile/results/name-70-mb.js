// expect: ERR_USER_CODE 1
// args: --memory-mb 512
// expect-jq: .error.name | length < 1000
throw Object.assign(new Error('x'), { name: 'n'.repeat(70e6) });
