// expect: ERR_USER_CODE 1
// args: --memory-mb 512
// expect-jq: .error | tostring | length < 1000000
throw new AggregateError(Array(1e5).fill(new Error('x'.repeat(1000))), 'all');
