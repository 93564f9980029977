// expect: ERR_USER_CODE 1
// args: --memory-mb 512
// expect-jq: .error.stack | length < 70000
throw Object.assign(new Error('x'), { stack: 's\n'.repeat(35e6) });
