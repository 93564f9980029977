// expect: ERR_USER_CODE 1
// expect-jq: .error.fields | has("__proto__")
throw Object.defineProperty(new Error('x'), '__proto__', { value: { ok: true }, enumerable: true });
