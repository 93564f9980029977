// expect: ok 0
// expect-jq: .stderr | length >= 100
for (let i = 0; i < 1e5; i++) Promise.reject(i);
export default 1;
