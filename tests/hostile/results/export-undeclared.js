// expect: ERR_COMPILE 1
export { nothing };
