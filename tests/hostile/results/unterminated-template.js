// expect: ERR_COMPILE 1
`${
