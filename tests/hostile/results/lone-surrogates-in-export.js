// expect: ok 0
// expect-text: "exports":{"default":{"\ud800":"\udc00","ok":"\ud83d"}}
export default { '\ud800': '\udc00', ok: '\ud83d' };
