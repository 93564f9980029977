// expect: ERR_USER_CODE 1
// expect-jq: .error | .name == "Error" and has("fields") == false
throw new Proxy(new Error('x'), { get(t, k) { return k === 'code' ? 'ERR_INTERNAL' : 'forged'; } });
