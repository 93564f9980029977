// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-text: nested too deeply
let o = '\ud800';
for (let i = 0; i < 3330; i++) o = { '\ud800': o };
export default o;
