// expect: ERR_USER_CODE 1
// expect-jq: .error.fields | length == 33 and all(to_entries[]; .value == "[a function]")
const e = new Error('x');
for (let i = 0; i < 32; i++) e[String.fromCharCode(i)] = () => i;
e['\x7f\x80\u2028'] = () => 1;
throw e;
