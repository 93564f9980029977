// expect: ERR_USER_CODE 1
throw Object.assign(new Error('the agent used more than 5000 ms of CPU time'), { code: 'ERR_CPU_TIMEOUT', name: 'ERR_CPU_TIMEOUT' });
