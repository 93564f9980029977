// expect: ok 0
// expect-jq: .exports.default | keys == ["\"", "\\", "\u0000", "\u0001", "\u007f"] or (keys | length == 5)
export default { '"': 1, '\\': 2, '\0': 3, '\x01': 4, '\x7f': 5 };
