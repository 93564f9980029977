// expect: ok 0
// args: --max-export-bytes 0 --memory-mb 512 --cpu-time-ms 20000
// expect-jq: .exports.a | length == 300
export const a = Array.from({ length: 300 }, (_, i) => 'x'.repeat(2e5) + i);
