// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "TypeError"
this.constructor.constructor('return process')();
