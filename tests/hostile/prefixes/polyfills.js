// As polyfills do: a name that is not there yet is assigned.
globalThis.SharedArrayBuffer ??= ArrayBuffer;
globalThis.WebAssembly ??= { Memory: class {} };
globalThis.ShadowRealm ??= class {};
Atomics.waitAsync ??= () => {};
