// prefix: evaluator
// args: --allow-eval
// expect: ok 0
// expect-jq: .exports.default == [42, 1, 2]
export default [made(), make('return 1')(), evaluate('2')];
