// expect: ERR_USER_CODE 1
Error.prepareStackTrace = () => { throw new Error('from prepare'); };
throw new Error('x');
