// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "deep"
// args: --memory-mb 1024 --cpu-time-ms 30000
let o = [];
for (let i = 0; i < 5e6; i++) o = [o];
throw Object.assign(new Error('deep'), { o });
