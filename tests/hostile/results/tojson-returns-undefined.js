// expect: ok 0
// expect-jq: .exports == {"b": 1}
export default { toJSON() {} };
export const b = 1;
