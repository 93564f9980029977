// expect: ERR_USER_CODE 1
// expect-text: "message":"\ud800x\udfff"
throw new Error('\ud800x\udfff');
