// expect: ERR_USER_CODE 1
// expect-jq: .stdout == []
const s = Object.assign(['console.log("forged")'], { raw: ['x'] });
Function`console.log("forged")`();
