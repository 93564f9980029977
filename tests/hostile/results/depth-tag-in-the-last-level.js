// A tag is a level, too: one more than there may be, and not an end of iso4's making.
// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-text: nested too deeply
let o = undefined;
for (let i = 0; i < 9989; i++) o = [o];
export default o;
