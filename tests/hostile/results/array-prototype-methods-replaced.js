// expect: ok 0
// expect-jq: .exports == {"default": [1, 2]} and .stdout == ["[ 1, 2 ] Map(1) { 1 => 2 }"]
for (const name of ['push', 'pop', 'join', 'map', 'forEach', 'slice', 'splice', 'indexOf', 'includes', 'concat', 'shift', 'sort', 'filter', 'reduce', 'fill', 'keys', 'values', 'entries', 'some', 'every'])
    Array.prototype[name] = () => { throw new Error('forged'); };
console.log([1, 2], new Map([[1, 2]]));
export default [1, 2];
