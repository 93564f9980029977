// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-text: nested too deeply
let o = [NaN];
for (let i = 0; i < 3330; i++) o = new Map([[1, o]]);
export default o;
