// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "ReferenceError"
console.log('before');
const a=[];for(;;)a.push(new WebAssembly.Table({initial:1e6,element:"externref"}));
