// expect: ERR_USER_CODE 1
throw { toString() { throw new Error('forged'); }, valueOf() { throw new Error('forged'); }, [Symbol.toPrimitive]() { throw new Error('forged'); } };
