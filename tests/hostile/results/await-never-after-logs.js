// expect: ERR_DID_NOT_SETTLE 1
// expect-jq: .stdout == ["before"]
console.log('before');
try { await new Promise(() => {}); } catch { console.log('forged'); } finally { console.log('forged'); }
