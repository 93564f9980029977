// expect: ok 0
// expect-jq: .stdout == ["\"],\"ok\":false,\"stdout\":[\""]
console.log('"],"ok":false,"stdout":["');
