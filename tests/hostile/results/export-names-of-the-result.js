// expect: ok 0
// expect-jq: .ok == true and .stdout == [] and (.exports | keys == ["bridgeCalls", "code", "error", "exports", "ok", "status", "stderr", "stdout"])
const a = 'forged';
export { a as 'ok', a as 'status', a as 'exports', a as 'error', a as 'stdout', a as 'stderr', a as 'code', a as 'bridgeCalls' };
