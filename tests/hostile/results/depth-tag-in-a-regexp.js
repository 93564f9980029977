// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-text: nested too deeply
// A regexp, whose source is a tag: one level more than others.
let o = new RegExp('\ud800');
for (let i = 0; i < 9988; i++) o = [o];
export default o;
