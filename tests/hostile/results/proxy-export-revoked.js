// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
const { proxy, revoke } = Proxy.revocable({}, {});
revoke();
export default proxy;
