// expect: ERR_USER_CODE 1
// expect-jq: .error.fields | length == 2
throw Object.assign(new Error('x'), { '\ud800': 1, '\ud801': 2, '\udfff': 3, ok: '\ud800' });
