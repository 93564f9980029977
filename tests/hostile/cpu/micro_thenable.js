// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const t={then(r){r(t)}};await t;
