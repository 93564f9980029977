// expect: ok 0
// expect-jq: .exports.default == "forged by the agent itself" and .ok
Object.prototype.toJSON = () => 'forged by the agent itself';
export default { a: 1 };
