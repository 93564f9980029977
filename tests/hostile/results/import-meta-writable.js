// expect: ok 0
// expect-jq: .exports.default == "mine"
import.meta.url = 'mine';
export default import.meta.url;
