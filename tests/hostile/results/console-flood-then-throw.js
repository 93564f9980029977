// expect: ERR_USER_CODE 1
// expect-jq: .stdout[0] == "0" and .error.message == "after"
for (let i = 0; i < 2e5; i++) console.log(i);
throw new Error('after');
