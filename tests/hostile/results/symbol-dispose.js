// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "mine"
{ using x = { [Symbol.dispose]() { throw new Error('mine'); } }; }
