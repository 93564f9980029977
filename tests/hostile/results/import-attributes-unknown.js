// expect: ERR_MODULE_NOT_FOUND 1
await import('x', { with: { type: 'wasm', forged: 'yes' } });
