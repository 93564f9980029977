// expect: ok 0
// expect-jq: .exports == {"default": [1, "a", null]}
delete globalThis.JSON;
export default [1, 'a', null];
