// expect: ERR_USER_CODE 1
// args: --allow-eval
// expect-jq: .error.code == "ERR_USER_CODE"
(0, eval)('throw new Error("x")\n//# sourceURL=iso4:runtime');
