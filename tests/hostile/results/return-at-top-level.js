// expect: ok 0
// expect-jq: .exports == {default: {ok: true}}
return { ok: true };
