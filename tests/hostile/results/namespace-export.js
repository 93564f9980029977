// expect: ERR_MODULE_NOT_FOUND 1
export * as ns from 'nowhere';
