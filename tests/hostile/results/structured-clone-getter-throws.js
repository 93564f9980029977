// needs: structuredClone
// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "mine"
structuredClone({ get a() { throw new Error('mine'); } });
