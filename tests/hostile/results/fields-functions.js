// expect: ERR_USER_CODE 1
// expect-jq: .error.fields.a == 1
throw Object.assign(new Error('x'), { f() {}, s: Symbol('s'), p: Promise.resolve(), w: new WeakMap(), a: 1 });
