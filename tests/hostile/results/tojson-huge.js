// expect: ERR_EXPORT_TOO_LARGE 1
export default { toJSON: () => 'x'.repeat(20e6) };
