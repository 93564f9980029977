// expect: ERR_MODULE_NOT_FOUND 1
// args: --allow-eval
await (0, eval)('import("node:fs")');
