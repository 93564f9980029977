// random
// The usual wrapper of a console: an id that is drawn at its first line.
let id, first;
const { log } = console;
console.log = (...args) => {
    id ??= crypto.randomUUID();
    first ??= Math.random();
    globalThis.lines = (globalThis.lines ?? 0) + 1;
    log(id, first, ...args);
};
