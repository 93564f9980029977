// expect: ERR_EXPORT_TOO_LARGE 1
// args: --memory-mb 512 --max-export-bytes 0
export default 'x'.repeat(70e6);
