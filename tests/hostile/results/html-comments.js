// expect: ERR_COMPILE 1
<!-- not in a module
