// expect: ok 0
// expect-jq: .exports == {"then": 1, "default": 2}
const then = 1;
export { then };
export default 2;
