// expect: ERR_MODULE_NOT_FOUND 1
await import('data:text/javascript;base64,ZXhwb3J0IGRlZmF1bHQgMQ==');
