// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "ReferenceError"
console.log('before');
const a=[];for(;;){const m=new WebAssembly.Memory({initial:160,maximum:65536});new Uint8Array(m.buffer).fill(1);a.push(m);}
