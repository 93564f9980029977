// A string is no function for our timers, whatever else is allowed.
// expect: ERR_USER_CODE 1
// args: --allow-eval
// expect-jq: .stdout == []
setTimeout('console.log("forged")', 0);
await new Promise((r) => setTimeout(r, 20));
