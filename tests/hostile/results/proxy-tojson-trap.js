// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
export default new Proxy({}, { get: (t, k) => (k === 'toJSON' ? () => ({ a: 1 }) : undefined) });
