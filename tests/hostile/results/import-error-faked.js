// An error that only says that it is one is the agent's.
// expect: ERR_USER_CODE 1
throw Object.assign(new Error('Cannot find module "x": only declared specifiers can be imported'), { code: 'ERR_MODULE_NOT_FOUND' });
