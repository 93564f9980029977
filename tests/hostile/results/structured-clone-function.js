// needs: structuredClone
// expect: ERR_USER_CODE 1
structuredClone(() => {});
