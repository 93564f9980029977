// expect: ERR_COMPILE 1
with ({}) {}
