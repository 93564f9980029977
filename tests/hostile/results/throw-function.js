// expect: ERR_USER_CODE 1
throw function forged() {};
