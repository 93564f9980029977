// A real refusal first, then an error of the agent's that a builtin makes, at another place and with the same words.
// expect: ERR_USER_CODE 1
// expect-jq: .error | .message == "Array buffer allocation failed"
try {
    new ArrayBuffer(2 ** 40);
} catch {}
throw ['Array buffer allocation failed'].map(RangeError)[0];
