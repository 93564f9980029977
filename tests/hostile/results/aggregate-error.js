// expect: ERR_USER_CODE 1
// expect-jq: .error | .name == "AggregateError" and .message == "all" and (.fields.errors | length == 2)
throw new AggregateError([new Error('one'), new TypeError('two')], 'all');
