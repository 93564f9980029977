// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "TypeError" or .error.name == "EvalError"
setTimeout('console.log("forged")', 0);
await new Promise((r) => setTimeout(r, 20));
