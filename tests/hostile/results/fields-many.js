// expect: ERR_USER_CODE 1
// args: --memory-mb 512
// expect-jq: .error.fields | tostring | length < 300000
const e = new Error('x');
for (let i = 0; i < 1e5; i++) e['field' + i] = 'x'.repeat(100);
throw e;
