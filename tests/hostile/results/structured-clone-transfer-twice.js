// needs: structuredClone
// expect: ERR_USER_CODE 1
const b = new ArrayBuffer(8);
structuredClone({ b }, { transfer: [b, b] });
