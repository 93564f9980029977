// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "ReferenceError"
console.log('before');
const s=new SharedArrayBuffer(0,{maxByteLength:2**32});let n=0;for(;;){n+=2**22;s.grow(n);new Uint8Array(s).fill(1);}
