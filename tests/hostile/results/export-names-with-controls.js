// expect: ok 0
// expect-jq: .exports | keys == (["\u0000", "\n", "\"},\"ok\":false,\"x\":{\"", "\u2028", "\\", ""] | sort)
const a = 1;
export { a as '\0', a as '\n', a as '\u2028', a as '"},"ok":false,"x":{"', a as '\\', a as '' };
