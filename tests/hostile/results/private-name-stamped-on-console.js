// A class that returns its argument puts private fields on any object.
// expect: ok 0
// expect-jq: .stdout == ["x"] and .exports.default == 1
class Stamp extends (class { constructor(o) { return o; } }) { #mark = 1; static of(o) { return o.#mark; } }
new Stamp(console);
new Stamp(console.log);
console.log('x');
export default Stamp.of(console);
