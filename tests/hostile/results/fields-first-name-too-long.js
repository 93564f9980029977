// expect: ERR_USER_CODE 1
// expect-jq: .error.fields == {"b": 2}
throw Object.assign(new Error('x'), { ['a'.repeat(300000)]: 1, b: 2 });
