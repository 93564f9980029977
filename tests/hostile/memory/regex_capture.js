// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "SyntaxError"
console.log('before');
const r=new RegExp("()".repeat(32000));const a=[];for(;;)a.push(r.exec("x"));
