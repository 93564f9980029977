// needs: structuredClone
// expect: ERR_USER_CODE 1
structuredClone(new Proxy({}, { ownKeys() { throw new Error('mine'); } }));
