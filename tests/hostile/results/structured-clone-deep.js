// needs: structuredClone
// expect: ERR_USER_CODE 1
// args: --memory-mb 512
let o = [];
for (let i = 0; i < 1e6; i++) o = [o];
structuredClone(o);
