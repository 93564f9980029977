export default [globalThis.counts ?? null, globalThis.reads ?? null, globalThis.prepared ?? null];
