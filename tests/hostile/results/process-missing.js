// expect: ok 0
// expect-jq: .exports.default == []
const names = ['process', 'require', 'module', 'exports', '__filename', '__dirname', 'Buffer', 'global', 'Deno', 'Bun', 'window', 'document', 'XMLHttpRequest', 'Worker', 'SharedWorker', 'importScripts', 'postMessage', 'WebSocket', 'indexedDB', 'localStorage', 'location', 'std', 'os', 'load', 'read', 'readline', 'print', 'quit', 'd8', 'gc', 'version', 'performance_now_host', 'native', 'internals', 'prelude', 'iso4'];
export default names.filter((n) => n in globalThis);
