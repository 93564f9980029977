// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "mine"
setTimeout(() => {}, { valueOf() { throw new Error('mine'); } });
