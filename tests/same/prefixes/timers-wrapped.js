// Timers that remember their numbers, and one that is always set.
const { setTimeout: set, clearTimeout: clear } = globalThis;
globalThis.numbers = [];
globalThis.setTimeout = (...args) => { const t = set(...args); numbers.push(Number(t)); return t; };
globalThis.clearTimeout = (t) => { numbers.push(-Number(t)); clear(t); };
set(() => {}, 1e9);
