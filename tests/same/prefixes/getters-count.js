// Getters on prototypes that every object has.
const reads = (globalThis.reads = { toJSON: 0, then: 0, constructor: 0, iterator: 0, tag: 0 });
const { prototype: object } = Object, { constructor } = object;
const hide = (holder, key, name, value) =>
    Object.defineProperty(holder, key, { configurable: true, get() { reads[name]++; return value; } });
hide(object, 'toJSON', 'toJSON', undefined);
hide(object, 'then', 'then', undefined);
hide(object, Symbol.toStringTag, 'tag', undefined);
hide(Promise.prototype, 'constructor', 'constructor', Promise);
const values = Array.prototype[Symbol.iterator];
hide(Array.prototype, Symbol.iterator, 'iterator', values);
