// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
console.log('before');
let o={};for(let i=0;i<22;i++)o={a:o,b:o};export default JSON.stringify(o).length;
