// expect: ok 0
function f() { try { f(); } finally { console.log({ a: [{ b: 1 }] }); throw 0; } }
try { f(); } catch {}
