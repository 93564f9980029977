// 2^25 leaves out of 25 objects.
// expect: ERR_EXPORT_TOO_LARGE 1
let o = [];
for (let i = 0; i < 25; i++) o = [o, o];
export default o;
