// expect: ERR_MODULE_NOT_FOUND 1
await import('http://127.0.0.1:9/');
