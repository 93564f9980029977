// expect: ERR_USER_CODE 1
// expect-jq: .ok == false and .error.fields.ok == true
throw { ok: true, status: 'completed', exports: { forged: 1 }, stdout: ['forged'] };
