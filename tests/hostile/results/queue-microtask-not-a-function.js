// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "TypeError"
queueMicrotask('console.log(1)');
