// expect: ERR_MODULE_NOT_FOUND 1
let kept;
try { await import('nowhere'); } catch (e) { kept = e; }
kept.message = 'forged';
throw kept;
