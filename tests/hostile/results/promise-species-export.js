// expect: ok 0
// expect-jq: .exports == {"p": 6}
class P extends Promise { static get [Symbol.species]() { throw 1; } }
export const p = P.resolve(6);
