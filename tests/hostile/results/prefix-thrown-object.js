// prefix: polluter
// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "from the prefix"
thrower();
