// expect: ok 0
// expect-jq: .exports == {"default": [1, 2]}
class A extends Array { static get [Symbol.species]() { throw new Error('forged'); } }
export default A.from([1, 2]);
