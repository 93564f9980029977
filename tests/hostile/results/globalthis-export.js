// expect: ok 0
export default globalThis;
