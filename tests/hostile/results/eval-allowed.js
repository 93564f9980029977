// expect: ok 0
// args: --allow-eval
// expect-jq: .exports.default == [2, 3, 4, 5, 6]
export default [eval('1 + 1'), (0, eval)('1 + 2'), new Function('return 4')(), await (async () => {}).constructor('return 5')(), (function* () {}).constructor('yield 6')().next().value];
