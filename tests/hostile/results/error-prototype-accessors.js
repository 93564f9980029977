// expect: ERR_USER_CODE 1
// expect-jq: .error.code == "ERR_USER_CODE"
for (const P of [Error.prototype, TypeError.prototype]) for (const key of ['name', 'message', 'stack', 'cause', 'toString'])
    Object.defineProperty(P, key, { get() { throw new Error('forged'); }, set() { throw new Error('forged'); }, configurable: true });
null.x;
