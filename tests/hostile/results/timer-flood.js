// expect: ERR_USER_CODE 1
// expect-jq: .error.message | test("timers")
for (let i = 0; i < 20000; i++) setTimeout(() => {}, 1e6);
