// The prefix could make code from strings while it was precompiled; through its functions the agent cannot.
// prefix: evaluator
// expect: ok 0
// expect-jq: .exports.default == [42, "EvalError", "EvalError", "EvalError", "EvalError", "EvalError"]
const name = (f) => { try { return f(); } catch (e) { return e.name; } };
export default [
    made(), name(() => make('return 1')()), name(() => evaluate('1')), name(() => indirect('1')),
    await makeAsync('return 1').then((x) => x, (e) => e.name), name(() => kept.F('return 1')()),
];
