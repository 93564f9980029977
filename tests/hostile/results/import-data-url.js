// expect: ERR_MODULE_NOT_FOUND 1
await import('data:text/javascript,export default 1');
