// expect: ERR_USER_CODE 1
// args: --cpu-time-ms 60000
// expect-jq: .error.message | length < 70000
throw 1n << 20000000n;
