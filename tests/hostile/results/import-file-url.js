// expect: ERR_MODULE_NOT_FOUND 1
await import('file:///etc/passwd');
