// expect: ERR_USER_CODE 1
// expect-jq: .error.code == "ERR_USER_CODE"
throw new RangeError('Array buffer allocation failed');
