// `code` of a thrown object goes under fields, never beside our code.
// expect: ERR_USER_CODE 1
// expect-jq: .error | .code == "ERR_USER_CODE" and .fields.code == "ERR_INTERNAL"
throw Object.defineProperty(new Error('x'), 'code', { get: () => 'ERR_INTERNAL', enumerable: true });
