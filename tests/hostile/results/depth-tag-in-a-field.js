// expect: ERR_USER_CODE 1
// expect-text: [nested too deeply (at most 9990 levels)]
let o = 1n;
for (let i = 0; i < 9989; i++) o = [o];
throw Object.assign(new Error('x'), { o });
