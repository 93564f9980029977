// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "ReferenceError"
console.log('before');
const a=[];for(;;){const s=new SharedArrayBuffer(1<<20);new Uint8Array(s).fill(1);a.push(s);}
