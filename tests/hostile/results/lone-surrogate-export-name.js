// expect: ERR_COMPILE 1
const a = 1;
export { a as '\ud800' };
