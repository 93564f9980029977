// Builtins that count their calls.
const counts = (globalThis.counts = {});
const { apply } = Reflect;
function count(holder, name, label = name) {
    const builtin = holder[name];
    counts[label] = 0;
    holder[name] = function (...args) {
        counts[label]++;
        return new.target ? new builtin(...args) : apply(builtin, this, args);
    };
}
count(JSON, 'parse');
count(JSON, 'stringify');
count(Array.prototype, 'map');
count(Array.prototype, 'sort');
count(Array.prototype, 'join');
count(Promise, 'resolve');
count(Promise.prototype, 'then');
count(globalThis, 'setTimeout');
count(globalThis, 'clearTimeout');
count(globalThis, 'queueMicrotask');
count(console, 'log');
count(Math, 'random');
count(Date, 'now');
