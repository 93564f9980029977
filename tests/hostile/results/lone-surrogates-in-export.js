// expect: ok 0
// expect-text: "default":{"$type":"object","entries":[[{"$type":"string","utf16":"ANg="},{"$type":"string","utf16":"ANw="}],["ok",{"$type":"string","utf16":"Pdg="}]]}
export default { '\ud800': '\udc00', ok: '\ud83d' };
