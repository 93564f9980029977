// expect: ok 0
// expect-jq: .durationMs < 2000
for (const d of [NaN, -1, Infinity, -Infinity, 2 ** 53, 1e308, '5', null, undefined, {}, [], '0x10']) clearTimeout(setTimeout(() => {}, d));
export default 1;
