// expect: ok 0
// expect-jq: .stdout == [] and .exports.default == "called x"
let seen = '';
globalThis.console = { log: (x) => { seen = 'called ' + x; } };
console.log('x');
export default seen;
