// expect: ok 0
// expect-jq: .exports.default == "\"}],\"ok\":true}\n{\"ok\":true}" and (. | keys | length == 9)
export default { toJSON: () => '"}],"ok":true}\n{"ok":true}' };
