// expect: ERR_MODULE_NOT_FOUND 1
// args: --memory-mb 512
// expect-jq: .error.message | length < 2000
await import('x'.repeat(70e6));
