// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "E"
throw { name: 'E', get message() { throw new Error('forged'); } };
