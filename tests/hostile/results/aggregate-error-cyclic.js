// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "all"
const e = new AggregateError([], 'all');
e.errors.push(e, [e]);
throw e;
