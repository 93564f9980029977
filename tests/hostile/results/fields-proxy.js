// expect: ERR_USER_CODE 1
// expect-jq: .error.fields.a == 1
throw Object.assign(new Error('x'), { p: new Proxy({}, { ownKeys() { for (;;); } }), a: 1 });
