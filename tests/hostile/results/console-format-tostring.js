// expect: ok 0
// expect-jq: (.stdout | tostring | test("iso4:") | not)
console.log('%s %d %i %f %j %o %O %c', { toString() { throw new Error('mine'); } }, { valueOf() { throw new Error('mine'); } }, Symbol('x'), 1n, { toJSON() { throw new Error('mine'); } }, {}, {}, 'css');
