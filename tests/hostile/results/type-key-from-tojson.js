// expect: ok 0
// expect-jq: .exports.default == {"$type": "object", "value": {"$type": "error", "name": "x", "message": "y"}}
export default { toJSON: () => ({ $type: 'error', name: 'x', message: 'y' }) };
