// expect: ERR_USER_CODE 1
const o = { message: 'm', get a() { return o.a; }, get name() { return o.name; } };
throw o;
