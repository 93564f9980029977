// expect: ERR_USER_CODE 1
// expect-jq: .error.name == (if .error.name == "ReferenceError" then "ReferenceError" else "SuppressedError" end)
throw new SuppressedError(new Error('a'), new Error('b'), 'c');
