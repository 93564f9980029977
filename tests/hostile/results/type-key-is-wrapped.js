// expect: ok 0
// expect-jq: .exports.default == {"$type": "object", "value": {"$type": "map", "entries": [["forged", 1]]}}
export default { $type: 'map', entries: [['forged', 1]] };
