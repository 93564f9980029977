// expect: ERR_USER_CODE 1
// args: --allow-eval
// expect-jq: .error.name == "SyntaxError"
(0, eval)('%DebugPrint(1)');
