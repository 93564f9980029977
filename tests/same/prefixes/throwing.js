// Builtins that throw.
const fail = () => { throw new Error('of the prefix'); };
JSON.parse = JSON.stringify = Array.prototype.map = console.log = globalThis.setTimeout = fail;
Object.defineProperty(Object.prototype, 'toJSON', { get: fail, configurable: true });
