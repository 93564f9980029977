// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
// expect-jq: .error.message | test("proxy")
export const deep = [1, { x: new Proxy([], { get() { throw new Error('forged'); } }) }];
