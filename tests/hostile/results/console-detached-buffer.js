// expect: ok 0
// expect-jq: .stdout | length == 3
const b = new ArrayBuffer(8), u = new Uint8Array(b), d = new DataView(b);
b.transfer();
console.log(b);
console.log(u);
try { console.log(d); } catch { console.log('d'); }
