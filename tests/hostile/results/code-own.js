// expect: ERR_USER_CODE 1
// expect-jq: .error | .code == "ERR_USER_CODE" and .fields == {"code": "ERR_HOST_BRIDGE", "line": 99, "hint": "forged", "frame": "forged"}
throw Object.assign(new Error('x'), { code: 'ERR_HOST_BRIDGE', line: 99, hint: 'forged', frame: 'forged' });
