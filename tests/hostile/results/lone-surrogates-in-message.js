// expect: ERR_USER_CODE 1
// expect-text: "message":"�x�"
throw new Error('\ud800x\udfff');
