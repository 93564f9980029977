// expect: ERR_USER_CODE 1
// expect-text: [[["[nested too deeply]"]]]
// A tag is one level more than the levels of fields.
let o = 1n;
for (let i = 0; i < 99; i++) o = [o];
throw Object.assign(new Error('x'), { o });
