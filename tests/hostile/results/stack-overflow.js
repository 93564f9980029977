// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "RangeError"
(function f() { f(); })();
