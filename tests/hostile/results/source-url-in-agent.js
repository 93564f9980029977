// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "x"
throw new Error('x');
//# sourceURL=/etc/passwd
//# sourceMappingURL=file:///etc/passwd
