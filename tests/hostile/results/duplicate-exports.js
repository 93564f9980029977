// expect: ERR_COMPILE 1
export const a = 1;
export { a };
