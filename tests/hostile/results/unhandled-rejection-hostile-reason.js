// expect: ok 0
// expect-jq: (.stderr | length) == 2 and .durationMs < 1000
Promise.reject(new Proxy({}, { get() { for (;;); } }));
Promise.reject({ get message() { for (;;); }, toString() { for (;;); } });
export default 1;
