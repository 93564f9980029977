// expect: ERR_USER_CODE 1
Error.prepareStackTrace = function f(e) { return new Error('again').stack; };
throw new Error('x');
