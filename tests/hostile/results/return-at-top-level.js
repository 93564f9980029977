// expect: ERR_COMPILE 1
return { ok: true };
