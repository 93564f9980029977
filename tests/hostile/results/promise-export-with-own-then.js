// expect: ok 0
// expect-jq: .exports == {"p": 7}
export const p = Promise.resolve(7);
p.then = () => { throw new Error('forged'); };
