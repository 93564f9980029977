// expect: ok 0
// expect-jq: .exports == {"default": [1.5, 1e21, -1e-7]}
Number.prototype.toString = () => '"forged"';
Number.prototype.toJSON = undefined;
export default [1.5, 1e21, -1e-7];
