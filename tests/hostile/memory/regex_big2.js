// A loop in the regular expression machine, not memory.
// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 500
console.log('before');
const r=new RegExp("[\\p{L}\\p{N}]{0,60000}x","u");export default r.test("a".repeat(100000)+"b");
